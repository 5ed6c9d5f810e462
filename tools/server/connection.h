// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <httplib.h>

namespace liangma::server {

/// The address and port of the other end of a socket; unchanged where there is none.
void describePeer(int socket, std::string& ip, int& port);

/// One client's connection, whose request has arrived. It ends after a time and a number of bytes whatever
/// the client does.
class Connection : public httplib::Stream {
 public:
  static constexpr std::chrono::seconds kLife{15};
  /// For what is left of a body that is too large to be wanted.
  static constexpr std::chrono::seconds kReadLife{2};
  static constexpr std::uint64_t kMaxHeaderBytes = 32 * 1024;

  /// @param socket    not owned
  /// @param received  what it has sent already
  /// @param maxBytes  how much is read at most beyond that
  Connection(int socket, std::string received, std::uint64_t maxBytes);

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

  const int socket_;
  const Time end_, readEnd_;
  std::uint64_t bytesLeft_;
  std::string buffer_;
  std::size_t begin_ = 0, size_;
};

}  // namespace liangma::server
