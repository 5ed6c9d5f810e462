// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "server/gates.h"

namespace CLI {
class App;
}

namespace liangma::server {

/// `gate-code` and `gates`: what an owner does beside servers that may be running.
class GateCommands {
 public:
  explicit GateCommands(CLI::App& app);

  /// Whether one of them was asked for.
  bool isAsked() const { return list_ || !id_.empty(); }
  /// @param database  address of the authority's
  /// @throws tools::Failure, Problem
  void run(const std::filesystem::path& data, const std::string& database) const;

 private:
  void printCode(const std::filesystem::path& data, GateStore& store) const;

  std::string id_;                  ///< of the gate whose device is to be enrolled
  std::vector<std::string> names_;  ///< "LANGUAGE=NAME"
  bool list_ = false;
};

}  // namespace liangma::server
