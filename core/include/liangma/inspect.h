// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "liangma/result.h"

namespace liangma {

/// One line of an explanation.
struct InspectionLine {
  int depth = 0;  ///< 0..32
  std::string label;
  std::string value;  ///< printable: control characters are escaped
};

/// What some bytes are, layer by layer. Nothing in it is verified.
struct Inspection {
  std::string kind;  ///< "live-code", "request", "sealed-answer", "paper-code", "credential", …, "unknown"
  std::vector<InspectionLine> lines;
  std::optional<Error> problem;  ///< the first thing wrong with it
  /// Where CBOR is wrong, or ends too early: the offset in the bytes, which a text encodes.
  std::optional<std::size_t> problemOffset;
};

/// Explains any bytes for a human; needs no key, never fails.
Inspection inspect(std::string_view anything);

}  // namespace liangma
