// SPDX-License-Identifier: Apache-2.0
// Any bytes are explained, within bounds, in what a terminal can show.
#include "fuzz.h"
#include "liangma/inspect.h"

using namespace liangma;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  for (const std::string& anything :
       {std::string(fuzz::textOf(input)), std::string(kLivePrefix) + encodeBase45(input)}) {
    const auto inspection = inspect(anything);
    fuzz::require(!inspection.kind.empty(), "everything has a kind");
    fuzz::require(inspection.lines.size() <= 2000, "an explanation is bounded");
    for (const auto& line : inspection.lines) {
      fuzz::require(line.depth >= 0 && line.depth <= 32, "depth is bounded");
      for (const unsigned char c : line.label + line.value)
        fuzz::require(c >= 0x20 && c != 0x7f, "lines are printable");
      fuzz::require(cbor::isUtf8(line.label) && cbor::isUtf8(line.value), "lines are UTF-8");
    }
  }
  return 0;
}
