// SPDX-License-Identifier: Apache-2.0
// The input is a sealed box at rest, and the plaintext of one. Recipes that would cost much time are left
// out.
#include "fuzz.h"

using namespace liangma;

namespace {

constexpr std::string_view kContext = "device-key";

bool isCheap(ByteView box) {
  const auto document = cbor::decode(box, {1 << 21, 4});
  if (!document.ok() || !document->root().isArray(4) || !document->root().at(1).isArray(3)) return true;
  const auto recipe = document->root().at(1);
  return recipe.at(1).unsignedInteger().value_or(0) <= 1 && recipe.at(2).unsignedInteger().value_or(0) <= 64;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Bytes hostKey(32, 0x31);
  const ByteView input(data, size);
  const auto opened = openWithHostKey(input, hostKey, kContext);
  fuzz::require(opened.ok() || opened.code() == Errc::VaultShape || opened.code() == Errc::VaultUnreadable,
                "a box opens, has another shape or does not open");
  if (isCheap(input)) (void)openWithPin(input, "2580", kContext);

  const auto random = world::counting(24);
  Entropy entropy(random);
  const auto sealed = sealWithHostKey(input, hostKey, kContext, entropy);
  if (!sealed.ok()) return 0;
  const auto back = openWithHostKey(*sealed, hostKey, kContext);
  fuzz::require(back.ok() && fuzz::equal(*back, input), "what was sealed comes out");
  return 0;
}
