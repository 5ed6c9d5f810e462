// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

#include <httplib.h>

namespace liangma::server {

/// One client's connection, which ends after a time and a number of bytes whatever the client does: dripping
/// bytes and headers without end cost it nothing more.
class Connection : public httplib::Stream {
 public:
  static constexpr std::chrono::seconds kLife{15};
  static constexpr std::uint64_t kMaxHeaderBytes = 32 * 1024;

  /// @param socket     not owned
  /// @param maxBytes   how much is read at most, headers included
  /// @param listening  INVALID_SOCKET as soon as the server is stopping: a client that has said nothing is
  /// not waited
  ///                   for then
  Connection(int socket, std::uint64_t maxBytes, const std::atomic<socket_t>& listening);

  /// Lets the client read its answer to the end, although it may have sent what was not read; for half a
  /// second.
  void linger();

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* out, size_t size) override;
  ssize_t write(const char* data, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  using Time = std::chrono::steady_clock::time_point;

  /// @return whether the socket is ready for the events of poll(2) before `until`
  bool waitFor(short events, Time until) const;
  bool fill();
  bool isGivenUp() const { return !heard_ && listening_ == INVALID_SOCKET; }

  const int socket_;
  const std::atomic<socket_t>& listening_;
  const Time end_;
  std::uint64_t bytesLeft_;
  bool heard_ = false;
  std::array<char, 4096> buffer_;
  std::size_t begin_ = 0, size_ = 0;
};

}  // namespace liangma::server
