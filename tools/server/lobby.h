// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace liangma::server {

/// Where connections wait until their request is there in full, so that those that say nothing, or say it
/// slowly, keep no thread from working for the others.
class Lobby {
 public:
  /// How long a request may take to arrive.
  static constexpr std::chrono::seconds kPatience{5};
  static constexpr std::size_t kMaxWaiting = 512;
  static constexpr std::size_t kMaxWaitingPerAddress = 128;

  /// Takes over a socket and what it has sent.
  using Ready = std::function<void(int socket, std::string received)>;

  /// @param enough  how many bytes are taken at most before the request counts as there
  /// @param proxy   an address behind which there are many clients, who are not counted as one; empty: none
  Lobby(std::size_t enough, std::string proxy, Ready ready);
  /// Closes what still waits.
  ~Lobby();

  /// Takes over a socket; closes it at once where too many wait.
  void add(int socket);

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Guest {
    int socket;
    std::string address;
    Time until;
    std::string received;
  };
  enum class Next { Wait, Serve, Close };

  void run();
  void letIn();
  Next listen(Guest& guest) const;
  int millisecondsToWait() const;

  const std::size_t enough_;
  const std::string proxy_;
  const Ready ready_;
  int bell_[2];  ///< a pipe that wakes the thread
  std::mutex mutex_;
  std::vector<int> arrived_;
  bool closing_ = false;
  std::vector<Guest> guests_;  ///< the thread's alone; the longest waiting first
  std::thread thread_;
};

/// Whether a request is there with all of a body that is small enough to be wanted.
bool isWholeRequest(const std::string& received, std::size_t maxBody);

}  // namespace liangma::server
