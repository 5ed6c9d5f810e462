// SPDX-License-Identifier: Apache-2.0
#include "server/lobby.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/connection.h"
#include "server/http.h"

namespace liangma::server {
namespace {

using std::chrono::steady_clock;

bool startsWithIgnoringCase(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(),
                    [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

/// The first Content-Length; 0 where there is none that can be read: then the request is refused anyway.
std::size_t announcedLength(std::string_view head) {
  constexpr std::string_view kName = "content-length:";
  for (auto end = head.find("\r\n"); end != std::string_view::npos; end = head.find("\r\n")) {
    head.remove_prefix(end + 2);
    if (!startsWithIgnoringCase(head, kName)) continue;
    head.remove_prefix(std::min(head.find_first_not_of(' ', kName.size()), head.size()));
    std::size_t length = 0;
    std::from_chars(head.data(), head.data() + head.size(), length);
    return length;
  }
  return 0;
}

}  // namespace

bool isWholeRequest(const std::string& received, std::size_t maxBody) {
  const auto end = received.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  const auto length = announcedLength(std::string_view(received).substr(0, end + 2));
  return length > maxBody || received.size() - (end + 4) >= length;
}

Lobby::Lobby(std::size_t enough, std::string proxy, Ready ready)
    : enough_(enough), proxy_(std::move(proxy)), ready_(std::move(ready)) {
  if (::pipe2(bell_, O_CLOEXEC | O_NONBLOCK) != 0) throw std::runtime_error("no pipe");
  thread_ = std::thread([this] { run(); });
}

Lobby::~Lobby() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  [[maybe_unused]] const auto rung = ::write(bell_[1], "", 1);
  thread_.join();
  for (const auto& guest : guests_) ::close(guest.socket);
  for (const int socket : arrived_) ::close(socket);
  for (const int end : bell_) ::close(end);
}

void Lobby::add(int socket) {
  const std::lock_guard lock(mutex_);
  arrived_.push_back(socket);
  [[maybe_unused]] const auto rung = ::write(bell_[1], "", 1);  // a full pipe has rung already
}

void Lobby::run() {
  while (true) {
    std::vector<pollfd> polled = {{bell_[0], POLLIN, 0}};
    for (const auto& guest : guests_) polled.push_back({guest.socket, POLLIN, 0});
    ::poll(polled.data(), polled.size(), millisecondsToWait());
    const auto now = steady_clock::now();
    std::vector<Guest> staying;
    for (std::size_t i = 0; i < guests_.size(); ++i) {
      Guest& guest = guests_[i];
      Next next = polled[i + 1].revents != 0 ? listen(guest) : Next::Wait;
      if (next == Next::Wait && now >= guest.until) next = Next::Close;
      if (next == Next::Serve) ready_(guest.socket, std::move(guest.received));
      if (next == Next::Close) ::close(guest.socket);
      if (next == Next::Wait) staying.push_back(std::move(guest));
    }
    guests_ = std::move(staying);
    letIn();
    const std::lock_guard lock(mutex_);
    if (closing_) return;
  }
}

void Lobby::letIn() {
  std::array<char, 64> rings;
  while (::read(bell_[0], rings.data(), rings.size()) > 0) {
  }
  std::vector<int> arrived;
  {
    const std::lock_guard lock(mutex_);
    arrived.swap(arrived_);
  }
  for (const int socket : arrived) {
    Guest guest{socket, {}, steady_clock::now() + kPatience, {}};
    int port = 0;
    describePeer(socket, guest.address, port);
    const auto same = std::count_if(guests_.begin(), guests_.end(),
                                    [&](const Guest& other) { return other.address == guest.address; });
    const bool many = static_cast<std::size_t>(same) >= kMaxWaitingPerAddress && guest.address != proxy_;
    if (guests_.size() >= kMaxWaiting || many)
      ::close(socket);
    else
      guests_.push_back(std::move(guest));
  }
}

Lobby::Next Lobby::listen(Guest& guest) const {
  std::array<char, 4096> buffer;
  const auto count = ::recv(guest.socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count < 0) return errno == EAGAIN || errno == EINTR ? Next::Wait : Next::Close;
  if (count == 0) return guest.received.empty() ? Next::Close : Next::Serve;
  guest.received.append(buffer.data(), static_cast<std::size_t>(count));
  const bool whole = guest.received.size() >= enough_ || isWholeRequest(guest.received, HttpServer::kMaxBody);
  return whole ? Next::Serve : Next::Wait;
}

int Lobby::millisecondsToWait() const {
  if (guests_.empty()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(guests_.front().until - steady_clock::now());
  return static_cast<int>(std::max<std::int64_t>(0, left.count()));
}

}  // namespace liangma::server
