// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/failure.h"
#include "cli/files.h"
#include "cli/output.h"
#include "liangma/bytes.h"

namespace CLI {
class App;
}

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

/// Declares the options of one command. What it binds has to outlive the parsing.
///
/// Keeps CLI11, which is slow to compile, out of the commands.
class Command {
 public:
  explicit Command(CLI::App& app) : app_(&app) {}

  /// A command of this command.
  Command add(const std::string& name, const std::string& about) const;
  /// What `--help` says after the options.
  void footer(const std::string& text) const;

  /// `--json` and `--now`.
  void common(CommonOptions& options) const;
  /// `--qr` and `--ink`.
  void qr(TextOutput& output) const;

  void flag(const std::string& name, bool& value, const std::string& help) const;
  /// @param type  what stands for the value in `--help`, such as "ID"
  void optional(const std::string& name, std::string& value, const std::string& type,
                const std::string& help) const;
  void required(const std::string& name, std::string& value, const std::string& type,
                const std::string& help) const;
  void choice(const std::string& name, std::string& value, const std::vector<std::string>& values,
              const std::string& help) const;
  /// A required file.
  void file(const std::string& name, std::string& path, const std::string& help) const;
  /// A required file, and more of them where the option is repeated.
  void files(const std::string& name, std::vector<std::string>& paths, const std::string& help) const;
  /// The same where none need be.
  void optionalFiles(const std::string& name, std::vector<std::string>& paths, const std::string& help) const;
  /// One or more files without an option's name; `name` stands for them in `--help`.
  void operands(const std::string& name, std::vector<std::string>& paths, const std::string& help) const;
  /// A required id of an issuer or a verifier: 1 to 16 of A-Z a-z 0-9 . _ -
  void party(const std::string& name, std::string& value, const std::string& help) const;
  /// A required keyword: 1 to 32 of a-z 0-9 - :
  void keyword(const std::string& name, std::string& value, const std::string& help) const;
  /// A whole number from 0 to 2^53 - 1, in decimal digits and nothing else.
  void seconds(const std::string& name, std::optional<UnixSeconds>& value, const std::string& help) const;
  /// How long something lives: a whole number from 1 to `most`.
  void life(const std::string& name, std::optional<UnixSeconds>& value, UnixSeconds most,
            const std::string& help) const;
  /// As seconds(), of anything that is counted.
  void number(const std::string& name, std::optional<std::uint64_t>& value, const std::string& help) const;
  /// A nonce: 16 to 32 bytes in hexadecimal digits.
  void nonce(const std::string& name, Bytes& value, const std::string& help) const;
  /// The positional TEXT, "-" or nothing of which reads standard input; or `--in FILE`.
  void text(TextInput& input, const std::string& help) const;

  void require(const std::string& name) const;
  /// The first option is refused without the second.
  /// The two options are refused together.
  void excludes(const std::string& name, const std::string& other) const;
  void needs(const std::string& name, const std::string& other) const;

  /// Declares what the command does, once the whole command line was found good.
  ///
  /// @tparam Options  has a member `common` of type CommonOptions
  /// @return the options, for binding; they live as long as the command
  template <class Options>
  std::shared_ptr<Options> runs(Chosen& chosen, ExitCode (*run)(const Options&)) const {
    auto options = std::make_shared<Options>();
    common(options->common);
    whenChosen([name = name(), &chosen, options, run] {
      chosen = {[options, run] { return run(*options); }, name, options->common.json};
    });
    return options;
  }

 private:
  /// "show", or "trust show" for a command of a command.
  std::string name() const;
  void whenChosen(std::function<void()> callback) const;

  CLI::App* app_;
};

}  // namespace liangma::tools
