// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"

#include <charconv>
#include <chrono>

#include <CLI/CLI.hpp>

#include "cli/text_codec.h"

namespace liangma::tools {
namespace {

constexpr UnixSeconds kMaxSeconds = (UnixSeconds{1} << 53) - 1;
constexpr std::size_t kMaxHexBytes = 64;

UnixSeconds numberFromText(const std::string& name, const std::string& text, const char* what) {
  UnixSeconds value = -1;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end || value < 0 || value > kMaxSeconds)
    throw CLI::ValidationError(name, std::string("must be a whole number") + what + ", at least 0");
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

Command Command::add(const std::string& name, const std::string& about) const {
  return Command(*app_->add_subcommand(name, about));
}

void Command::footer(const std::string& text) const {
  app_->footer(text);
}

void Command::common(CommonOptions& options) const {
  flag("--json", options.json, "Print one line of JSON instead of words");
  seconds("--now", options.now, "Take this as the time (Unix seconds) instead of the system's clock");
}

void Command::qr(TextOutput& output) const {
  choice("--qr", output.qr, {"utf8", "svg"},
         "Draw the text as a QR symbol, for the terminal or as an SVG file");
  choice("--ink", output.ink, {"light", "dark"}, "What your terminal writes with, for --qr utf8");
}

void Command::flag(const std::string& name, bool& value, const std::string& help) const {
  app_->add_flag(name, value, help);
}

void Command::optional(const std::string& name, std::string& value, const std::string& type,
                       const std::string& help) const {
  app_->add_option(name, value, help)->type_name(type);
}

void Command::required(const std::string& name, std::string& value, const std::string& type,
                       const std::string& help) const {
  optional(name, value, type, help);
  require(name);
}

void Command::choice(const std::string& name, std::string& value, const std::vector<std::string>& values,
                     const std::string& help) const {
  CLI::Validator member = CLI::IsMember(values);
  member.description("");  // the type says it already
  auto* option =
      app_->add_option(name, value, help)->check(member)->type_name(CLI::detail::join(values, "|"));
  if (!value.empty()) option->capture_default_str();
}

void Command::file(const std::string& name, std::string& path, const std::string& help) const {
  required(name, path, "FILE", help);
}

void Command::files(const std::string& name, std::vector<std::string>& paths, const std::string& help) const {
  app_->add_option(name, paths, help)->required()->allow_extra_args(false)->type_name("FILE");
}

void Command::seconds(const std::string& name, std::optional<UnixSeconds>& value,
                      const std::string& help) const {
  const auto set = [name, &value](const std::string& text) {
    value = numberFromText(name, text, " of seconds");
  };
  app_->add_option_function<std::string>(name, set, help)->type_name("SECONDS");
}

void Command::number(const std::string& name, std::optional<std::uint64_t>& value,
                     const std::string& help) const {
  const auto set = [name, &value](const std::string& text) {
    value = static_cast<std::uint64_t>(numberFromText(name, text, ""));
  };
  app_->add_option_function<std::string>(name, set, help)->type_name("NUMBER");
}

void Command::hex(const std::string& name, Bytes& value, const std::string& help) const {
  const auto set = [name, &value](const std::string& text) { value = bytesFromText(name, text); };
  app_->add_option_function<std::string>(name, set, help)->type_name("HEX");
}

void Command::text(std::string& value, const std::string& help) const {
  optional("text", value, "TEXT|-", help + "; \"-\" or nothing reads it from standard input");
}

void Command::require(const std::string& name) const {
  app_->get_option(name)->required();
}

void Command::needs(const std::string& name, const std::string& other) const {
  app_->get_option(name)->needs(app_->get_option(other));
}

void Command::excludes(const std::string& name, const std::string& other) const {
  app_->get_option(name)->excludes(app_->get_option(other));
}

std::string Command::name() const {
  const CLI::App* parent = app_->get_parent();
  const bool nested = parent != nullptr && parent->get_parent() != nullptr;
  return nested ? parent->get_name() + " " + app_->get_name() : app_->get_name();
}

void Command::whenChosen(std::function<void()> callback) const {
  app_->callback(std::move(callback));
}

}  // namespace liangma::tools
