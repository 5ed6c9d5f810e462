// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <iostream>

#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/files.h"
#include "cli/sentences.h"
#include "cli/text_codec.h"
#include "liangma/qr_symbol.h"

namespace liangma::tools {
namespace {

constexpr std::size_t kNarrowest = 20;  ///< columns that a wrapped text is given whatever the width

bool wantsColour() {
  const char* terminal = std::getenv("TERM");
  return std::getenv("NO_COLOR") == nullptr && ::isatty(STDOUT_FILENO) != 0 && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

std::string inColour(std::string_view text, std::string_view sgr) {
  if (!wantsColour()) return std::string(text);
  return "\x1b[" + std::string(sgr) + "m" + std::string(text) + "\x1b[0m";
}

/// Word and sign, so that the colour is never the only signal.
std::string headline(Decision decision) {
  switch (decision) {
    case Decision::Admit:
      return inColour(" ✓ ADMIT ", "1;97;42");
    case Decision::Check:
      return inColour(" ! CHECK ", "1;30;43");
    case Decision::Refuse:
      break;
  }
  return inColour(" ✗ REFUSE ", "1;97;41");
}

std::string colourWord(Colour colour) {
  constexpr std::string_view kSgr[] = {"1;37", "1;32", "1;33", "1;31"};
  return inColour(colourId(colour), kSgr[static_cast<std::size_t>(colour) & 3]);
}

std::string person(const VerifiedCode& code) {
  return colourWord(code.colour) + "  " + printable(code.maskedName) + "  ID …" + printable(code.idTail) +
         "  region " + printable(code.region);
}

std::string ageText(std::int64_t age) {
  return age < 0 ? "signed " + std::to_string(-age) + " s in the future"
                 : "signed " + std::to_string(age) + " s ago";
}

std::string details(const Verdict& verdict) {
  std::string line = "reason " + std::string(errcId(verdict.reason));
  if (!verdict.advice.empty()) line.append(", ").append(verdict.advice);
  line.append(", assurance ").append(assuranceId(verdict.assurance));
  if (verdict.ageSeconds) line += ", " + ageText(*verdict.ageSeconds);
  if (verdict.code) line += ", issuer " + printable(verdict.code->issuer);
  if (verdict.code) line += ", valid until " + utcText(verdict.code->expiresAt);
  return line;
}

std::string identityText(const Identity& identity) {
  std::string text;
  for (const auto& [claim, value] : identity)
    text.append("  ").append(identityClaimId(claim)).append(": ").append(printable(value)).append("\n");
  return text;
}

std::string verdictText(const Verdict& verdict) {
  std::string text = headline(verdict.decision) + (verdict.code ? "  " + person(*verdict.code) : "") + "\n";
  text += reasonSentence(verdict.reason) + "\n";
  const auto advice = sentence(verdict.advice);
  if (advice != verdict.advice) text += advice + "\n";
  if (verdict.code) text += identityText(verdict.code->identity);
  return text + "(" + details(verdict) + ")\n";
}

std::string drawing(const QrSymbol& symbol, const TextOutput& output) {
  if (output.qr == "svg") return svgDocument(symbol, "Liangma");
  return terminalText(symbol, output.ink == "dark" ? TerminalInk::Dark : TerminalInk::Light);
}

OrderedJson madeTextToJson(std::string_view text, const TextOutput& output, const OrderedJson& extra) {
  const auto symbol = need(makeQrSymbol(text));
  OrderedJson json = {{"text", text}, {"sizeModules", symbol.sizeModules}};
  json.update(extra);
  if (!output.qr.empty()) json["qr"] = drawing(symbol, output);
  return json;
}

}  // namespace

void print(std::string_view text) {
  writeOutput("-", text);
}

void printLine(std::string_view text) {
  print(std::string(text) + "\n");
}

std::size_t outputWidth() {
  const char* columns = std::getenv("COLUMNS");
  const auto set = columns == nullptr ? 0 : std::strtoul(columns, nullptr, 10);
  if (set > 0) return set;
  struct winsize window {};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0;
  return known ? window.ws_col : std::string::npos;
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::string lines(indent, ' ');
  std::size_t column = indent;
  const std::size_t most = std::max(width, indent + 2 + kNarrowest);
  for (std::size_t i = 0, size; i < text.size(); i += size) {
    const auto lead = static_cast<unsigned char>(text[i]);
    size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const std::size_t columns = size > 2 ? 2 : 1;
    if (column + columns > most) {
      lines += "\n" + std::string(indent + 2, ' ');
      column = indent + 2;
    }
    lines += text.substr(i, size);
    column += columns;
  }
  return lines + "\n";
}

void printMadeText(std::string_view text, const TextOutput& output, bool json, const OrderedJson& extra) {
  if (json) return printLine(jsonLine(madeTextToJson(text, output, extra)));
  if (output.qr.empty()) return printLine(text);
  print(drawing(need(makeQrSymbol(text)), output));
}

ExitCode printVerdict(const Verdict& verdict, bool json) {
  print(json ? jsonLine(verdictToJson(verdict)) + "\n" : verdictText(verdict));
  if (verdict.decision == Decision::Admit) return ExitCode::Ok;
  return verdict.decision == Decision::Check ? ExitCode::Check : ExitCode::Refused;
}

void printFailure(const Failure& failure, const std::string& command, bool json) {
  std::cerr << "liangma " << command << ": " << failure.id << ": " << printable(failure.message) << "\n";
  if (json) std::cout << jsonLine({{"error", failure.id}, {"message", failure.message}}) << "\n";
}

std::string utcText(UnixSeconds time) {
  const auto seconds = static_cast<std::time_t>(time);
  std::tm parts{};
  char text[64];
  if (::gmtime_r(&seconds, &parts) == nullptr) return std::to_string(time);
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace liangma::tools
