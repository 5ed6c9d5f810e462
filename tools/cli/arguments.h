// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/failure.h"
#include "cli/output.h"
#include "liangma/bytes.h"

namespace liangma::tools {

/// What the command line chose.
struct Chosen {
  std::function<ExitCode()> action;
  std::string command;
  bool json = false;
};

/// Options of every command.
struct CommonOptions {
  bool json = false;
  std::optional<UnixSeconds> now;

  /// `--now`, or else the system's clock.
  UnixSeconds clock() const;
};

void addCommon(CLI::App& command, CommonOptions& options);
void addQr(CLI::App& command, TextOutput& output);

/// An option whose value is a whole number from 0 to 2^53 - 1, in decimal digits and nothing else.
CLI::Option* addSeconds(CLI::App& command, const std::string& name, std::optional<UnixSeconds>& value,
                        const std::string& help);
/// An option whose value is 1 to 64 bytes in hexadecimal digits.
CLI::Option* addHex(CLI::App& command, const std::string& name, Bytes& value, const std::string& help);
/// The positional TEXT of a command: "-" or nothing reads standard input.
CLI::Option* addText(CLI::App& command, std::string& text, const std::string& help);

/// "show", or "trust show" for a command of a command.
std::string nameOf(const CLI::App& command);

/// Declares a command.
///
/// @tparam Options  has a member `common` of type CommonOptions
/// @param  run      does the work, after the whole command line was found good
/// @return the options, for binding; they live as long as the command
template <class Options>
std::shared_ptr<Options> declare(CLI::App& command, Chosen& chosen, ExitCode (*run)(const Options&)) {
  auto options = std::make_shared<Options>();
  addCommon(command, options->common);
  command.callback([&command, &chosen, options, run] {
    chosen = {[options, run] { return run(*options); }, nameOf(command), options->common.json};
  });
  return options;
}

}  // namespace liangma::tools
