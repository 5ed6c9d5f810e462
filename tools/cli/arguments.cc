// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"

#include <charconv>
#include <chrono>

#include "cli/text_codec.h"

namespace liangma::tools {
namespace {

constexpr UnixSeconds kMaxSeconds = (UnixSeconds{1} << 53) - 1;
constexpr std::size_t kMaxHexBytes = 64;

UnixSeconds secondsFromText(const std::string& name, const std::string& text) {
  UnixSeconds value = -1;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end || value < 0 || value > kMaxSeconds)
    throw CLI::ValidationError(name, "must be a whole number of seconds, at least 0");
  return value;
}

Bytes bytesFromText(const std::string& name, const std::string& text) {
  auto bytes = decodeHex(text);
  if (!bytes || bytes->empty() || bytes->size() > kMaxHexBytes)
    throw CLI::ValidationError(name, "must be 1 to 64 bytes in hexadecimal digits");
  return std::move(*bytes);
}

}  // namespace

UnixSeconds CommonOptions::clock() const {
  using std::chrono::system_clock;
  if (now) return *now;
  return std::chrono::duration_cast<std::chrono::seconds>(system_clock::now().time_since_epoch()).count();
}

std::string nameOf(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  const bool nested = parent != nullptr && parent->get_parent() != nullptr;
  return nested ? parent->get_name() + " " + command.get_name() : command.get_name();
}

void addCommon(CLI::App& command, CommonOptions& options) {
  command.add_flag("--json", options.json, "Print one line of JSON instead of words");
  addSeconds(command, "--now", options.now, "Take this as the time (Unix seconds) instead of the system's clock");
}

void addQr(CLI::App& command, TextOutput& output) {
  command.add_option("--qr", output.qr, "Draw the text as a QR symbol: for the terminal (utf8) or as an SVG file (svg)")
      ->check(CLI::IsMember({"utf8", "svg"}));
  command.add_option("--ink", output.ink, "What your terminal writes with, for --qr utf8: light on dark, or dark on light")
      ->check(CLI::IsMember({"light", "dark"}))
      ->capture_default_str();
}

CLI::Option* addSeconds(CLI::App& command, const std::string& name, std::optional<UnixSeconds>& value,
                        const std::string& help) {
  const auto set = [name, &value](const std::string& text) { value = secondsFromText(name, text); };
  return command.add_option_function<std::string>(name, set, help)->type_name("SECONDS");
}

CLI::Option* addHex(CLI::App& command, const std::string& name, Bytes& value, const std::string& help) {
  const auto set = [name, &value](const std::string& text) { value = bytesFromText(name, text); };
  return command.add_option_function<std::string>(name, set, help)->type_name("HEX");
}

CLI::Option* addText(CLI::App& command, std::string& text, const std::string& help) {
  return command.add_option("text", text, help + "; \"-\" or nothing reads it from standard input")->type_name("TEXT|-");
}

}  // namespace liangma::tools
