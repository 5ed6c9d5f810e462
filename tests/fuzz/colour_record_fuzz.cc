// SPDX-License-Identifier: Apache-2.0
// The input is a colour record, and the payload of one that the issuer signs.
#include "fuzz.h"
#include "liangma/colour_record.h"

using namespace liangma;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto issuer = world::signingKey(world::kIssuer);
  static const auto genuine = world::colourRecord();
  const ByteView input(data, size);
  const auto opened = openColourRecord(input, fuzz::trust().content());
  fuzz::require(!opened.ok() || fuzz::equal(input, genuine), "only the issuer makes records");
  if (!fuzz::isMap(input)) return 0;
  auto token = forge::Token::read(genuine);
  token.payload.assign(input.begin(), input.end());
  const auto encoded = token.signedBy(issuer).encode();
  const auto record = parseColourRecord(encoded);
  if (record.ok())
    fuzz::require(signColourRecord(*record, issuer).value() == encoded, "a record has one encoding");
  return 0;
}
