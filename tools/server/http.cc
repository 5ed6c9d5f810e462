// SPDX-License-Identifier: Apache-2.0
#include "server/http.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <charconv>
#include <chrono>
#include <exception>
#include <optional>
#include <thread>

#include <arpa/inet.h>
#include <httplib.h>
#include <unistd.h>

#include "server/connection.h"
#include "server/content_policy.h"
#include "server/lobby.h"
#include "server/log.h"
#include "server/problem.h"

namespace liangma::server {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kWorkers = 64;
constexpr std::size_t kMaxPath = 512;
/// A body that is too large is read up to here, so that its sender gets to see why it is refused.
constexpr std::uint64_t kMaxDrained = 1 << 20;

void setSecurityHeaders(httplib::Response& out) {
  out.headers.erase("Accept-Ranges");  // the library's own; there are none
  if (!out.has_header("Content-Security-Policy"))
    out.set_header("Content-Security-Policy", contentSecurityPolicy());
  out.set_header("X-Content-Type-Options", "nosniff");
  out.set_header("Referrer-Policy", "no-referrer");
  out.set_header("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=()");
  out.set_header("Cross-Origin-Opener-Policy", "same-origin");
  out.set_header("Cross-Origin-Resource-Policy", "same-origin");
}

void writeReply(const Reply& reply, httplib::Response& out) {
  out.status = reply.status;
  for (const auto& [name, value] : reply.headers) out.set_header(name, value);
  if (!reply.contentType.empty()) out.set_content(reply.body, reply.contentType);
}

void writeProblem(const Problem& problem, httplib::Response& out) {
  out.set_header("Cache-Control", "no-store");
  if (problem.status == 401) out.set_header("WWW-Authenticate", "Bearer");
  if (problem.status == 405) out.set_header("Allow", problem.allow);
  if (problem.status == 429 || problem.status == 503) out.set_header("Retry-After", "5");
  writeReply({problem.status, "application/problem+json", problemText(problem), {}}, out);
}

/// Where what the client accepts is kept, out of sight of the library.
constexpr const char* kAcceptEncoding = "Liangma-Accept-Encoding";

/// The library would slice and compress bodies by itself, the latter at brotli's slowest; both are optional.
void ignoreRangesAndEncodings(httplib::Request& request) {
  request.ranges.clear();
  request.headers.erase(kAcceptEncoding);
  request.headers.emplace(kAcceptEncoding, request.get_header_value("Accept-Encoding"));
  request.headers.erase("Accept-Encoding");
}

std::optional<std::uint64_t> contentLength(const httplib::Request& request) {
  if (request.get_header_value_count("Content-Length") != 1) return std::nullopt;
  const std::string text = request.get_header_value("Content-Length");
  std::uint64_t length = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return length;
}

/// Refuses, before anything of it is read, a body whose end is unclear, that is compressed or far too large.
void checkBodyHeaders(const httplib::Request& request) {
  const auto length = contentLength(request);
  if (request.has_header("Transfer-Encoding") || request.has_header("Content-Encoding") || !length)
    throw Problem{length ? 415 : 411, "http.malformed"};
  if (request.is_multipart_form_data()) throw Problem{415, "http.malformed"};
  if (*length > kMaxDrained) throw tooLarge();
}

std::string readBody(const httplib::ContentReader& read) {
  std::string body;
  bool oversized = false;
  const bool complete = read([&](const char* data, std::size_t size) {
    oversized = oversized || body.size() + size > HttpServer::kMaxBody;
    if (!oversized) body.append(data, size);
    return true;
  });
  if (oversized) throw tooLarge();
  if (!complete) throw Problem{408, "http.malformed"};
  return body;
}

std::string lowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// @param wanted  in small letters
bool isMediaType(const std::string& header, std::string_view wanted) {
  const auto type = header.substr(0, header.find(';'));
  return lowerCase(type.substr(0, type.find_last_not_of(" \t") + 1)) == wanted;
}

bool isAddress(const std::string& text) {
  in6_addr parsed{};
  return ::inet_pton(AF_INET, text.c_str(), &parsed) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), &parsed) == 1;
}

/// What the nearest proxy wrote: the last entry of the last line. All before it may be the client's own
/// claim.
std::string lastForwarded(const httplib::Request& in) {
  const auto lines = in.get_header_value_count("X-Forwarded-For");
  if (lines == 0) return {};
  const std::string line = in.get_header_value("X-Forwarded-For", lines - 1);
  const auto last = line.substr(line.find_last_of(", \t") + 1);  // npos + 1 is 0
  return isAddress(last) ? last : std::string();
}

/// Runs what it gets at once: here, only to hand a connection to the lobby.
class AtOnce : public httplib::TaskQueue {
 public:
  void enqueue(std::function<void()> task) override { task(); }
  void shutdown() override {}
};

/// httplib's server: with a longer queue of connections, without SO_REUSEPORT, which would let two servers
/// share one port unnoticed, and with threads for those alone whose request has arrived.
class Listener : public httplib::Server {
 public:
  explicit Listener(const std::string& proxy)
      : lobby_(std::make_unique<Lobby>(Connection::kMaxHeaderBytes + HttpServer::kMaxBody, proxy,
                                       [this](int socket, std::string received) {
                                         workers_->enqueue([this, socket, received = std::move(received)] {
                                           serve(socket, received);
                                         });
                                       })) {
    new_task_queue = [] { return new AtOnce; };
  }

  ~Listener() override { finish(); }

  void lengthenBacklog() {
    if (::listen(svr_sock_, SOMAXCONN) != 0) log("backlog-short");
  }

  /// Answers what has arrived; nothing else may arrive any more.
  void finish() {
    lobby_.reset();
    if (workers_) workers_->shutdown();
    workers_.reset();
  }

 private:
  bool process_and_close_socket(socket_t socket) override {
    lobby_->add(socket);
    return true;
  }

  void serve(int socket, std::string received) {
    Connection connection(socket, std::move(received), kMaxDrained);
    bool closed = false;
    if (process_request(connection, true, closed, ignoreRangesAndEncodings)) connection.linger();
    ::close(socket);
  }

  std::unique_ptr<httplib::ThreadPool> workers_ = std::make_unique<httplib::ThreadPool>(kWorkers);
  std::unique_ptr<Lobby> lobby_;
};

void allowQuickRestart(socket_t socket) {
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

}  // namespace

std::string hostName(const std::string& header) {
  const auto inside = header.starts_with('[') ? header.find(']') : 0;  // where an IPv6 address has its colons
  const auto end = inside == std::string::npos ? inside : header.find_first_of(":/", inside);
  return lowerCase(header.substr(0, end));
}

class HttpServer::Impl {
 public:
  Impl(const Router& router, const HttpOptions& options)
      : router_(router), options_(options), listener_(options.trustedProxy) {
    listener_.set_socket_options(allowQuickRestart);
    listener_.set_tcp_nodelay(true);
    installHandlers();
  }

  void allowHosts(std::vector<std::string> hosts) { hosts_ = std::move(hosts); }
  void observe(std::function<void(const AnsweredRequest&)> observe) { observe_ = std::move(observe); }

  int bind() {
    for (int i = 0; i < options_.portTries; ++i) {
      const int port = options_.port == 0 ? listener_.bind_to_any_port(options_.bindAddress)
                       : listener_.bind_to_port(options_.bindAddress, options_.port + i) ? options_.port + i
                                                                                         : -1;
      if (port <= 0) continue;
      listener_.lengthenBacklog();
      return port;
    }
    return 0;
  }

  void run() {
    if (!stopped_) listener_.listen_after_bind();
    finished_ = true;
    listener_.finish();
  }

  void stop() {
    stopped_ = true;
    while (!listener_.is_running() && !finished_) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    listener_.stop();
  }

 private:
  using In = httplib::Request;
  using Out = httplib::Response;
  using Handled = httplib::Server::HandlerResponse;

  /// GET, HEAD and everything refused without its body are answered before the library's own routing, the
  /// others as soon as their body was read.
  void installHandlers() {
    listener_.set_pre_routing_handler([this](const In& in, Out& out) { return route(in, out); });
    const auto withBody = [this](const In& in, Out& out, const httplib::ContentReader& read) {
      answer(in, out, [&] { return readBody(read); });
    };
    listener_.Post(".*", withBody);
    listener_.Put(".*", withBody);
    listener_.Patch(".*", withBody);
    listener_.Delete(".*", withBody);
    listener_.set_error_handler([](const In& in, Out& out) {
      // A body would be sliced into the ranges that were asked for, however many.
      if (!out.body.empty() || !in.ranges.empty()) return;
      const int status = out.status;
      writeProblem({status, status == 404 ? "http.not-found" : "http.malformed"}, out);
    });
    listener_.set_exception_handler([](const In&, Out& out, std::exception_ptr) {
      log("exception");
      writeProblem(internalError(), out);
    });
    listener_.set_post_routing_handler([](const In&, Out& out) { setSecurityHeaders(out); });
  }

  Handled route(const In& in, Out& out) {
    const bool reads = in.method == "GET" || in.method == "HEAD";
    if (router_.isForAnyOrigin(in.path)) out.set_header("Access-Control-Allow-Origin", "*");
    try {
      check(in, reads);
    } catch (const Problem& problem) {
      writeProblem(problem, out);
      tell(in.method, "", out.status, problem.code, Steady::now());
      return Handled::Handled;
    }
    if (!reads) return Handled::Unhandled;
    answer(in, out, [] { return std::string(); });
    return Handled::Handled;
  }

  /// Refuses what can be refused before anything of a body is read.
  void check(const In& in, bool reads) const {
    const auto hosts = in.get_header_value_count("Host");
    if (hosts > 1 || (hosts == 0 && in.version == "HTTP/1.1")) throw malformed();
    if (!hosts_.empty() &&
        std::find(hosts_.begin(), hosts_.end(), hostName(in.get_header_value("Host"))) == hosts_.end())
      throw Problem{421, "http.wrong-host"};
    if (in.path.size() > kMaxPath) throw notFound();
    if (reads) return;
    std::string captured;
    router_.find(in.method, in.path, captured);
    checkBodyHeaders(in);
  }

  template <class ReadBody>
  void answer(const In& in, Out& out, ReadBody readTheBody) {
    const auto start = Steady::now();
    Call call = callFrom(in);
    std::string pattern;
    std::string code;
    try {
      call.body = readTheBody();
      const Route& route = router_.find(call.method, call.path, call.captured);
      pattern = route.pattern;
      if (!route.contentType.empty() && !isMediaType(call.contentType, route.contentType))
        throw Problem{415, "http.malformed"};
      writeReply(route.handler(call), out);
    } catch (const Problem& problem) {
      code = problem.code;
      writeProblem(problem, out);
    } catch (const std::exception&) {
      code = internalError().code;
      writeProblem(internalError(), out);
    }
    tell(call.method, pattern, out.status, code, start);
  }

  Call callFrom(const In& in) const {
    return {in.method == "HEAD" ? "GET" : in.method,
            in.path,
            clientAddress(in),
            in.get_header_value("Host"),
            in.get_header_value("Authorization"),
            in.get_header_value("Content-Type"),
            in.get_header_value("If-None-Match"),
            in.get_header_value(kAcceptEncoding),
            {},
            in.get_header_value("Idempotency-Key"),
            {},
            in.has_param("before") ? std::optional(in.get_param_value("before")) : std::nullopt};
  }

  /// The client's own, where the trusted proxy says so.
  std::string clientAddress(const In& in) const {
    if (options_.trustedProxy.empty() || in.remote_addr != options_.trustedProxy) return in.remote_addr;
    const std::string forwarded = lastForwarded(in);
    return forwarded.empty() ? in.remote_addr : forwarded;
  }

  /// The route's pattern is logged, never the path: a path may hold anything.
  void tell(const std::string& method, const std::string& pattern, int status, const std::string& code,
            Steady::time_point start) const {
    const auto taken = std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - start).count();
    const AnsweredRequest answered{pattern.empty() ? "-" : method, pattern, status, taken};
    if (observe_) observe_(answered);
    nlohmann::ordered_json fields = {{"method", answered.method},
                                     {"route", pattern.empty() ? "-" : pattern},
                                     {"status", status},
                                     {"microseconds", taken}};
    if (!code.empty()) fields["code"] = code;
    log("request", fields);
  }

  const Router& router_;
  const HttpOptions options_;
  std::vector<std::string> hosts_;
  std::function<void(const AnsweredRequest&)> observe_;
  Listener listener_;
  std::atomic<bool> stopped_ = false;
  std::atomic<bool> finished_ = false;
};

HttpServer::HttpServer(const Router& router, const HttpOptions& options)
    : impl_(std::make_unique<Impl>(router, options)) {}
HttpServer::~HttpServer() = default;
void HttpServer::allowHosts(std::vector<std::string> hosts) {
  impl_->allowHosts(std::move(hosts));
}
void HttpServer::observe(std::function<void(const AnsweredRequest&)> observe) {
  impl_->observe(std::move(observe));
}
int HttpServer::bind() {
  return impl_->bind();
}
void HttpServer::run() {
  impl_->run();
}
void HttpServer::stop() {
  impl_->stop();
}

}  // namespace liangma::server
