// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "liangma/result.h"

namespace liangma::tools {

/// What `liangma` tells the shell.
enum class ExitCode : int {
  Ok = 0,        ///< admitted, or done
  Refused = 1,   ///< the code, or the operation, is refused
  Check = 2,     ///< a person has to look
  Usage = 64,    ///< the command line, or a file that it names, is wrong
  BadData = 65,  ///< an input is not what it should be
};

/// The exit code that goes with an error of the core: 1xx bad data, 5xx usage, everything else refused.
///
/// Missing entropy is a refusal: the command line is not to blame.
ExitCode exitCodeFor(Errc code);

/// What ends a command early; thrown by every helper of the tools, caught once.
struct Failure {
  ExitCode exitCode = ExitCode::BadData;
  /// A string id: an Errc's, or one that begins with "cli.".
  std::string id;
  /// What is wrong, in English; never holds a secret.
  std::string message;
};

[[noreturn]] void failUsage(std::string_view id, std::string message);
[[noreturn]] void failBadData(std::string_view id, std::string message);
/// @param subject  what the error is about, such as a file's name; may be empty
[[noreturn]] void fail(const Error& error, std::string_view subject = {});

/// The value of a result.
///
/// @throws Failure  its error
template <class T>
T need(Result<T> result, std::string_view subject = {}) {
  if (!result.ok()) fail(result.error(), subject);
  return std::move(result).value();
}

/// As need(), for what a malformed input has to be blamed on whatever the error's number.
template <class T>
T needGoodData(Result<T> result, std::string_view subject) {
  if (!result.ok()) failBadData(errcId(result.code()), std::string(subject));
  return std::move(result).value();
}

}  // namespace liangma::tools
