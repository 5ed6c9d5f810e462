// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace liangma::server {

/// `gate-code` and `gates`: what an owner does beside a server that may be running on the same folder.
class GateCommands {
 public:
  explicit GateCommands(CLI::App& app);

  /// Whether one of them was asked for.
  bool isAsked() const { return list_ || !id_.empty(); }
  /// @throws tools::Failure, Problem
  void run(const std::filesystem::path& data) const;

 private:
  void printCode(const std::filesystem::path& data) const;

  std::string id_;                  ///< of the gate whose device is to be enrolled
  std::vector<std::string> names_;  ///< "LANGUAGE=NAME"
  bool list_ = false;
};

}  // namespace liangma::server
