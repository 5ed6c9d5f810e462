// SPDX-License-Identifier: Apache-2.0
// The input is a live code's token: none passes but those that were signed.
#include "fuzz.h"

using namespace liangma;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const auto verdict = verify("LM1:" + encodeBase45(input), {fuzz::trust(), world::kNow + 61});
  fuzz::requireSound(verdict);
  fuzz::require(!verdict.code.has_value() || fuzz::isSeed("live", input), "only codes that were signed pass");
  return 0;
}
