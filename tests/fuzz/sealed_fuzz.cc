// SPDX-License-Identifier: Apache-2.0
// The input is a sealed answer's box, and the plaintext of one: whatever was sealed comes out again.
#include "fuzz.h"

using namespace liangma;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto key = world::sealingKey(world::kSealing);
  static const auto genuine = world::sealedAnswer();
  const ByteView input(data, size);
  const auto text = std::string(kSealedPrefix) + encodeBase45(input);
  const auto opened = unsealAnswer(text, key);
  fuzz::require(!opened.ok() || text == genuine, "only the genuine box opens");

  const auto answer = std::string(kLivePrefix) + encodeBase45(input);
  const auto random = world::counting(32, 0x80);
  Entropy entropy(random);
  const auto sealed = sealAnswer(answer, key.public32(), entropy);
  if (!sealed.ok()) return 0;
  const auto back = unsealAnswer(*sealed, key);
  fuzz::require(back.ok() ? *back == answer : back.code() == Errc::FormatTooLong,
                "what was sealed comes out");
  return 0;
}
