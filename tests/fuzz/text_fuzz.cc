// SPDX-License-Identifier: Apache-2.0
// The input is the text of a symbol, given to everything that reads one.
#include "fuzz.h"

using namespace liangma;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto sealing = world::sealingKey(world::kSealing);
  const ByteView input(data, size);
  const auto text = fuzz::textOf(input);
  const auto verdict = verify(text, {fuzz::trust(), world::kNow + 61});
  fuzz::requireSound(verdict);
  fuzz::require(!verdict.code.has_value() || fuzz::isSeed("text", input), "only codes that were signed pass");
  const auto opened = openRequest(text, fuzz::trust(), world::kNow + 55);
  fuzz::require(!opened.ok() || fuzz::isSeed("text", input), "only requests that were signed open");
  (void)unsealAnswer(text, sealing);
  return 0;
}
