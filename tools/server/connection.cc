// SPDX-License-Identifier: Apache-2.0
#include "server/connection.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

namespace liangma::server {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLinger{500};
constexpr std::size_t kChunk = 4096;

using NameOfEnd = int (*)(int, sockaddr*, socklen_t*);

void describeEnd(int socket, NameOfEnd nameOfEnd, std::string& ip, int& port) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  char host[NI_MAXHOST], service[NI_MAXSERV];
  if (nameOfEnd(socket, plain, &size) != 0) return;
  if (::getnameinfo(plain, size, host, sizeof host, service, sizeof service,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return;
  ip = host;
  port = static_cast<int>(std::strtol(service, nullptr, 10));
}

}  // namespace

void describePeer(int socket, std::string& ip, int& port) {
  describeEnd(socket, ::getpeername, ip, port);
}

Connection::Connection(int socket, std::string received, std::uint64_t maxBytes)
    : socket_(socket),
      end_(steady_clock::now() + kLife),
      readEnd_(steady_clock::now() + kReadLife),
      bytesLeft_(maxBytes),
      buffer_(std::move(received)),
      size_(buffer_.size()) {}

bool Connection::waitFor(short events, Time until) const {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now()).count();
    if (left <= 0) return false;
    pollfd entry{socket_, events, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(left));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

bool Connection::is_readable() const {
  return size_ > 0 || waitFor(POLLIN, readEnd_);
}

bool Connection::is_writable() const {
  return waitFor(POLLOUT, end_);
}

bool Connection::fill() {
  const auto most = std::min<std::uint64_t>(kChunk, bytesLeft_);
  if (most == 0 || !waitFor(POLLIN, readEnd_)) return false;
  buffer_.resize(most);
  const auto count = ::recv(socket_, buffer_.data(), most, 0);
  if (count <= 0) return false;
  begin_ = 0;
  size_ = static_cast<std::size_t>(count);
  bytesLeft_ -= size_;
  return true;
}

/// -1 at the end of the stream too: nothing that is asked for here may be missing.
ssize_t Connection::read(char* out, size_t size) {
  if (size_ == 0 && !fill()) return -1;
  const std::size_t count = std::min(size, size_);
  std::memcpy(out, buffer_.data() + begin_, count);
  begin_ += count;
  size_ -= count;
  return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* data, size_t size) {
  return is_writable() ? ::send(socket_, data, size, MSG_NOSIGNAL | MSG_DONTWAIT) : -1;
}

void Connection::linger() {
  ::shutdown(socket_, SHUT_WR);
  const auto until = std::min(end_, steady_clock::now() + kLinger);
  buffer_.resize(kChunk);
  while (waitFor(POLLIN, until) && ::recv(socket_, buffer_.data(), buffer_.size(), 0) > 0) {
  }
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  describePeer(socket_, ip, port);
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
  describeEnd(socket_, ::getsockname, ip, port);
}

}  // namespace liangma::server
