// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "liangma/paper_code.h"

namespace liangma {

/// A paper code that was read, not verified.
struct PaperToken {
  PaperClaims claims;
  std::string subject;
  KeyId8 issuerKeyId{};
  Bytes toBeSigned;
  Bytes signature;
};

/// @error format.*, base45.*, cbor.*, cose.*, credential.*, paper.shape
Result<PaperToken> parsePaperCode(std::string_view text);

}  // namespace liangma
