// SPDX-License-Identifier: Apache-2.0
// The module of those who check: what both modules bind, and the explainer.
#include <emscripten/bind.h>

#include "bindings_common.h"
#include "liangma/inspect.h"

namespace liangma::wasm {
namespace {

val fromLine(const InspectionLine& line) {
  auto out = val::object();
  out.set("depth", line.depth);
  out.set("label", fromText(line.label));
  out.set("value", fromText(line.value));
  return out;
}

val fromProblem(const Error& problem) {
  auto out = val::object();
  out.set("code", fromText(errcId(problem.code)));
  out.set("detail", fromText(problem.detail));
  return out;
}

val inspectText(const std::string& text) {
  const Inspection inspection = inspect(text);
  auto lines = val::array();
  for (const auto& line : inspection.lines) lines.call<void>("push", fromLine(line));
  auto out = val::object();
  out.set("kind", fromText(inspection.kind));
  out.set("lines", lines);
  if (inspection.problem) out.set("problem", fromProblem(*inspection.problem));
  return out;
}

}  // namespace

EMSCRIPTEN_BINDINGS(liangma_gate) {
  emscripten::function("inspect", &inspectText);
}

}  // namespace liangma::wasm
