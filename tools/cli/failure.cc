// SPDX-License-Identifier: Apache-2.0
#include "cli/failure.h"

#include "cli/sentences.h"

namespace liangma::tools {

ExitCode exitCodeFor(Errc code) {
  if (code == Errc::Ok) return ExitCode::Ok;
  if (code == Errc::MisuseEntropy) return ExitCode::Refused;
  const auto hundreds = static_cast<int>(code) / 100;
  if (hundreds == 1) return ExitCode::BadData;
  return hundreds == 5 ? ExitCode::Usage : ExitCode::Refused;
}

void failUsage(std::string_view id, std::string message) {
  throw Failure{ExitCode::Usage, std::string(id), std::move(message)};
}

void failBadData(std::string_view id, std::string message) {
  throw Failure{ExitCode::BadData, std::string(id), std::move(message)};
}

void fail(const Error& error, std::string_view subject) {
  std::string message(subject);
  if (!message.empty()) message += ": ";
  message += reasonSentence(error.code);
  if (!error.detail.empty()) message.append(" (").append(error.detail).append(")");
  throw Failure{exitCodeFor(error.code), std::string(errcId(error.code)), std::move(message)};
}

}  // namespace liangma::tools
