// SPDX-License-Identifier: Apache-2.0
#include "server/trust_source.h"

#include <algorithm>

#include "cli/failure.h"
#include "cli/files.h"
#include "cli/json_io.h"
#include "server/clock.h"
#include "server/log.h"

namespace liangma::server {

TrustSource::TrustSource(std::filesystem::path file)
    : file_(std::move(file)), current_(read(0)), changed_(std::filesystem::last_write_time(file_)) {}

std::shared_ptr<const TrustSnapshot> TrustSource::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

void TrustSource::refresh() {
  std::error_code failed;
  const auto changed = std::filesystem::last_write_time(file_, failed);
  if (failed || changed == changed_) return;
  changed_ = changed;
  try {
    auto fresh = read(current()->list->version);
    const std::lock_guard lock(mutex_);
    current_ = std::move(fresh);
    log("trust-list", {{"version", current_->list->version}});
  } catch (const tools::Failure& failure) {
    log("trust-list-refused", {{"code", failure.id}});
  }
}

std::shared_ptr<const TrustSnapshot> TrustSource::read(std::uint64_t knownVersion) const {
  auto trust = tools::trustFileFromText(tools::readInput(file_), file_);
  const auto known = std::max(knownVersion, trust.version);
  auto list = tools::need(openTrustList(trust.list, trust.roots, known, unixNow()), file_.string());
  return std::make_shared<const TrustSnapshot>(
      TrustSnapshot{std::move(list), std::move(trust.list), std::move(trust.roots)});
}

}  // namespace liangma::server
