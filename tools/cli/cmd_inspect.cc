// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/json_io.h"
#include "cli/sentences.h"
#include "cli/text_codec.h"
#include "liangma/inspect.h"

namespace liangma::tools {
namespace {

struct InspectOptions {
  CommonOptions common;
  TextInput text;
};

constexpr const char* kFooter =
    R"(Takes a text (LM1, LMR1, LMS1, LMP1), the bytes of a credential or a trust list,
these bytes in base64url, or a trust.json. Needs no key and verifies nothing: what it prints may be forged.
Exits with 65 where the bytes are not a well-formed thing of ours, after it has explained
as much as it could read.)";

/// The bytes that a text holds as a trust.json, or encodes.
std::optional<Bytes> bytesIn(const std::string& text) {
  if (!text.starts_with('{')) return decodeBase64url(text);
  try {
    return trustFileFromText(text, {}).list;
  } catch (const Failure&) {
    return std::nullopt;
  }
}

/// What text stands for: itself, or the bytes in it where only these can be explained.
Inspection inspectAny(const std::string& text) {
  Inspection direct = inspect(text);
  if (!direct.problem) return direct;
  const auto bytes = bytesIn(text);
  if (!bytes || bytes->empty()) return direct;
  Inspection decoded = inspect(asText(*bytes));
  return decoded.problem ? direct : decoded;
}

OrderedJson toJson(const Inspection& inspection) {
  OrderedJson lines = OrderedJson::array();
  for (const auto& line : inspection.lines)
    lines.push_back({{"depth", line.depth}, {"label", line.label}, {"value", line.value}});
  OrderedJson json = {{"kind", inspection.kind}, {"lines", lines}, {"problem", nullptr}};
  if (inspection.problem)
    json["problem"] = {{"code", errcId(inspection.problem->code)}, {"detail", inspection.problem->detail}};
  if (inspection.problemOffset) json["problem"]["offset"] = *inspection.problemOffset;
  return json;
}

std::string lineText(const InspectionLine& line, std::size_t width) {
  const std::size_t indent = 2 * static_cast<std::size_t>(line.depth + 1);
  const bool both = !line.label.empty() && !line.value.empty();
  return wrapped(printable(line.label) + (both ? ": " : "") + printable(line.value), indent, width);
}

std::string problemText(const Inspection& inspection) {
  const auto& problem = *inspection.problem;
  std::string where = problem.detail.empty() ? "" : " in " + std::string(problem.detail);
  if (inspection.problemOffset) where += " at byte " + std::to_string(*inspection.problemOffset);
  return "problem" + where + ": " + std::string(errcId(problem.code)) + ": " + reasonSentence(problem.code) +
         "\n";
}

std::string toText(const Inspection& inspection) {
  const auto width = outputWidth();
  std::string text = inspection.kind + "\n";
  for (const auto& line : inspection.lines) text += lineText(line, width);
  return inspection.problem ? text + problemText(inspection) : text;
}

/// Line ends are cut off from printable text only: bytes may end with any byte.
std::string readAnything(const TextInput& input) {
  std::string content = readContent(input);
  const auto end = content.find_last_not_of("\r\n") + 1;
  const auto isPrintable = [](char c) { return c >= ' ' && c <= '~'; };
  if (std::all_of(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(end), isPrintable))
    content.resize(end);
  return content;
}

ExitCode inspectInput(const InspectOptions& options) {
  const auto inspection = inspectAny(readAnything(options.text));
  print(options.common.json ? jsonLine(toJson(inspection)) + "\n" : toText(inspection));
  return inspection.problem ? ExitCode::BadData : ExitCode::Ok;
}

}  // namespace

void addInspect(const Command& app, Chosen& chosen) {
  const auto command = app.add("inspect", "Explain any bytes, layer by layer");
  const auto options = command.runs(chosen, inspectInput);
  command.text(options->text, "What to explain");
  command.footer(kFooter);
}

}  // namespace liangma::tools
