// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "cli/failure.h"
#include "cli/json_io.h"

namespace liangma::tools {

/// How a text that a command made is shown.
struct TextOutput {
  std::string qr;             ///< "", "utf8" or "svg"
  std::string ink = "light";  ///< "light" or "dark"
};

/// Writes to standard output; a failure to write ends the command.
void print(std::string_view text);
void printLine(std::string_view text);

/// The columns of the terminal that standard output is, or what COLUMNS says; without both, no limit.
std::size_t outputWidth();

/// Lines of at most `width` columns, indented; where a long one goes on, by two columns more. Ends with a
/// line feed.
///
/// @param text  one line of UTF-8; East Asian characters take two columns
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width);

/// Prints a made text: itself, its QR symbol, or as JSON `{"text", "sizeModules", "qr"?, …}`.
///
/// @param extra  members to add to the JSON; an object
void printMadeText(std::string_view text, const TextOutput& output, bool json, const OrderedJson& extra);

/// Prints a verdict in words and gives the exit code that goes with it.
ExitCode printVerdict(const Verdict& verdict, bool json);

/// Prints why a command failed: to standard error in words, to standard output as JSON `{"error",
/// "message"}`.
void printFailure(const Failure& failure, const std::string& command, bool json);

/// "2026-02-20T10:00:00Z".
std::string utcText(UnixSeconds time);

}  // namespace liangma::tools
