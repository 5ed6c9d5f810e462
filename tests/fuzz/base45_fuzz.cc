// SPDX-License-Identifier: Apache-2.0
// Bytes survive encoding; a text that decodes is the only one for its bytes.
#include "fuzz.h"

using namespace liangma;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const auto bytes = decodeBase45(fuzz::textOf(input));
  if (bytes.ok()) fuzz::require(encodeBase45(*bytes) == fuzz::textOf(input), "one text for each byte string");
  const auto back = decodeBase45(encodeBase45(input));
  fuzz::require(back.ok() && fuzz::equal(*back, input), "what was encoded decodes");
  return 0;
}
