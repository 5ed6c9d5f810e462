// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/sentences.h"
#include "cli/text_codec.h"
#include "liangma/inspect.h"

namespace liangma::tools {
namespace {

struct InspectOptions {
  CommonOptions common;
  std::string text;
};

constexpr const char* kFooter = R"(
Takes a text (LM1, LMR1, LMS1, LMP1), the bytes of a credential or a trust list, or either in base64url.
Needs no key and verifies nothing: what it prints may be forged.
Exits with 65 where the bytes are not a well-formed thing of ours, after it has explained as much as it could read.)";

/// What text stands for: itself, or the bytes that it encodes where only these can be explained.
Inspection inspectAny(const std::string& text) {
  Inspection direct = inspect(text);
  if (!direct.problem) return direct;
  const auto bytes = decodeBase64url(text);
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
  return json;
}

void printInWords(const Inspection& inspection) {
  printLine(inspection.kind);
  for (const auto& line : inspection.lines) {
    const std::string indent(2 * static_cast<std::size_t>(line.depth + 1), ' ');
    const std::string value = line.value.empty() ? "" : ": " + printable(line.value);
    printLine(indent + printable(line.label) + value);
  }
  if (!inspection.problem) return;
  const auto& problem = *inspection.problem;
  const std::string where = problem.detail.empty() ? "" : " in " + std::string(problem.detail);
  printLine("problem" + where + ": " + std::string(errcId(problem.code)) + ": " + reasonSentence(problem.code));
}

/// Raw bytes may end with any byte: only a line end that a text can have is cut off.
std::string readAnything(const std::string& argument) {
  std::string content = argument.empty() || argument == "-" ? readInput("-") : argument;
  const bool isText = content.find_first_not_of("\r\n\t !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
                                                "abcdefghijklmnopqrstuvwxyz{|}~") == std::string::npos;
  while (isText && !content.empty() && (content.back() == '\n' || content.back() == '\r')) content.pop_back();
  return content;
}

ExitCode inspectInput(const InspectOptions& options) {
  const auto inspection = inspectAny(readAnything(options.text));
  if (options.common.json) {
    printLine(jsonLine(toJson(inspection)));
  } else {
    printInWords(inspection);
  }
  return inspection.problem ? ExitCode::BadData : ExitCode::Ok;
}

}  // namespace

void addInspect(CLI::App& app, Chosen& chosen) {
  auto& command = *app.add_subcommand("inspect", "Explain any bytes, layer by layer");
  const auto options = declare(command, chosen, inspectInput);
  addText(command, options->text, "What to explain");
  command.footer(kFooter);
}

}  // namespace liangma::tools
