// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"

#include <charconv>
#include <chrono>

#include <CLI/CLI.hpp>

#include "cli/text_codec.h"

namespace liangma::tools {
namespace {

constexpr UnixSeconds kMaxSeconds = (UnixSeconds{1} << 53) - 1;
constexpr std::size_t kMinNonceBytes = 16, kMaxNonceBytes = 32;
constexpr const char *kLower = "abcdefghijklmnopqrstuvwxyz", *kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                     *kDigits = "0123456789";

/// -1 where the text is anything else.
UnixSeconds numberFromText(const std::string& text) {
  UnixSeconds value = -1;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  return parsed.ec == std::errc() && parsed.ptr == end && value <= kMaxSeconds ? value : -1;
}

UnixSeconds wholeNumber(const std::string& name, const std::string& text, const char* what) {
  const auto value = numberFromText(text);
  if (value < 0)
    throw CLI::ValidationError(name, std::string("must be a whole number") + what + ", at least 0");
  return value;
}

UnixSeconds lifeFromText(const std::string& name, const std::string& text, UnixSeconds most) {
  const auto value = numberFromText(text);
  if (value < 1 || value > most)
    throw CLI::ValidationError(name, "must be a whole number of seconds from 1 to " + std::to_string(most));
  return value;
}

Bytes nonceFromText(const std::string& name, const std::string& text) {
  auto bytes = decodeHex(text);
  if (!bytes || bytes->size() < kMinNonceBytes || bytes->size() > kMaxNonceBytes)
    throw CLI::ValidationError(name, "must be 16 to 32 bytes in hexadecimal digits");
  return std::move(*bytes);
}

/// Takes 1 to `most` of some characters; `said` names these to whoever gave others.
CLI::Validator word(const std::string& characters, std::size_t most, const std::string& said) {
  return {[=](const std::string& text) {
            const bool good = !text.empty() && text.size() <= most &&
                              text.find_first_not_of(characters) == std::string::npos;
            return good ? "" : "must be 1 to " + std::to_string(most) + " of " + said;
          },
          ""};
}

}  // namespace

UnixSeconds CommonOptions::clock() const {
  using std::chrono::system_clock;
  if (now) return *now;
  return std::chrono::duration_cast<std::chrono::seconds>(system_clock::now().time_since_epoch()).count();
}

Command Command::add(const std::string& name, const std::string& about) const {
  auto* command = app_->add_subcommand(name, about);
  command->footer("");  // not its parent's
  return Command(*command);
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
  optionalFiles(name, paths, help);
  require(name);
}

void Command::optionalFiles(const std::string& name, std::vector<std::string>& paths,
                            const std::string& help) const {
  app_->add_option(name, paths, help)->allow_extra_args(false)->type_name("FILE");
}

void Command::operands(const std::string& name, std::vector<std::string>& paths,
                       const std::string& help) const {
  app_->add_option(name, paths, help)->required()->type_name("FILE...");
}

void Command::seconds(const std::string& name, std::optional<UnixSeconds>& value,
                      const std::string& help) const {
  const auto set = [name, &value](const std::string& text) {
    value = wholeNumber(name, text, " of seconds");
  };
  app_->add_option_function<std::string>(name, set, help)->type_name("SECONDS");
}

void Command::number(const std::string& name, std::optional<std::uint64_t>& value,
                     const std::string& help) const {
  const auto set = [name, &value](const std::string& text) {
    value = static_cast<std::uint64_t>(wholeNumber(name, text, ""));
  };
  app_->add_option_function<std::string>(name, set, help)->type_name("NUMBER");
}

void Command::life(const std::string& name, std::optional<UnixSeconds>& value, UnixSeconds most,
                   const std::string& help) const {
  const auto set = [name, most, &value](const std::string& text) { value = lifeFromText(name, text, most); };
  app_->add_option_function<std::string>(name, set, help)->type_name("SECONDS");
}

void Command::nonce(const std::string& name, Bytes& value, const std::string& help) const {
  const auto set = [name, &value](const std::string& text) { value = nonceFromText(name, text); };
  app_->add_option_function<std::string>(name, set, help)->type_name("HEX");
}

void Command::party(const std::string& name, std::string& value, const std::string& help) const {
  const auto characters = std::string(kUpper) + kLower + kDigits + "._-";
  app_->add_option(name, value, help)
      ->required()
      ->check(word(characters, 16, "A-Z a-z 0-9 . _ -"))
      ->type_name("ID");
}

void Command::keyword(const std::string& name, std::string& value, const std::string& help) const {
  const auto characters = std::string(kLower) + kDigits + "-:";
  app_->add_option(name, value, help)
      ->required()
      ->check(word(characters, 32, "a-z 0-9 - :"))
      ->type_name("WORD");
}

void Command::text(TextInput& input, const std::string& help) const {
  optional("text", input.text, "TEXT|-", help + "; \"-\" or nothing reads it from standard input");
  optional("--in", input.file, "FILE", "Read it from a file");
  excludes("--in", "text");
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
