// SPDX-License-Identifier: Apache-2.0
#include "server/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "server/clock.h"

namespace liangma::server {
namespace {

using prometheus::BuildCounter, prometheus::BuildGauge, prometheus::BuildHistogram;

/// Seconds: what a request may take.
const prometheus::Histogram::BucketBoundaries kSeconds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                          0.05,   0.1,   0.25,   0.5,   1,    2.5};

}  // namespace

class Metrics::Impl {
 public:
  Impl() {
    gauge("liangma_start_time_seconds", "When this process started").Set(static_cast<double>(unixNow()));
  }

  prometheus::Gauge& gauge(const char* name, const char* help) {
    return BuildGauge().Name(name).Help(help).Register(registry).Add({});
  }

  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests =
      BuildCounter().Name("liangma_http_requests_total").Help("Requests answered").Register(registry);
  prometheus::Family<prometheus::Histogram>& seconds =
      BuildHistogram().Name("liangma_http_request_seconds").Help("How long answers took").Register(registry);
  prometheus::Gauge& trustVersion = gauge("liangma_trust_list_version", "Version of the trust list in use");
  prometheus::Gauge& trustExpires =
      gauge("liangma_trust_list_expires_seconds", "When the trust list expires");
  prometheus::Gauge& lists = gauge("liangma_status_lists", "Status lists published for each issuer");
  prometheus::Gauge& withdrawn = gauge("liangma_codes_withdrawn", "Codes in them that are not valid");
  prometheus::Gauge& listsSigned = gauge("liangma_status_lists_signed_seconds", "When they were last signed");
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::countRequest(const AnsweredRequest& request) {
  const std::string route = request.route.empty() ? "refused" : request.route;
  impl_->requests
      .Add({{"method", request.method}, {"route", route}, {"status", std::to_string(request.status)}})
      .Increment();
  impl_->seconds.Add({{"method", request.method}, {"route", route}}, kSeconds)
      .Observe(static_cast<double>(request.microseconds) / 1e6);
}

void Metrics::setTrustList(std::uint64_t version, UnixSeconds expiresAt) {
  impl_->trustVersion.Set(static_cast<double>(version));
  impl_->trustExpires.Set(static_cast<double>(expiresAt));
}

void Metrics::setStatusLists(std::uint64_t lists, std::uint64_t withdrawn, UnixSeconds signedAt) {
  impl_->lists.Set(static_cast<double>(lists));
  impl_->withdrawn.Set(static_cast<double>(withdrawn));
  impl_->listsSigned.Set(static_cast<double>(signedAt));
}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace liangma::server
