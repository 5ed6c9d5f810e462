// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "liangma/live_code.h"

namespace liangma {

/// What the holder adds to the credential when showing it.
struct KeyBindingClaims {
  std::string audience;  ///< kOpenAudience, or the asking verifier's id
  UnixSeconds issuedAt = 0;
  std::optional<Bytes> nonce;  ///< 16..32 bytes, the verifier's
  ClockTrust clock = ClockTrust::Confirmed;
};

inline constexpr std::string_view kOpenAudience = "*";

/// A Key Binding Token that was read, not verified.
struct KeyBinding {
  Credential credential;
  KeyBindingClaims claims;
  Bytes toBeSigned;  ///< what the holder's signature covers
  Bytes signature;
};

/// Signs a presentation of a credential.
///
/// @param presentation  from presentCredential(), tag 18
/// @return the KBT, tag 18
/// @error  time.credential-not-yet, time.credential-expired, holder.key-missing, key.mismatch
Result<Bytes> makeKeyBinding(ByteView presentation, const Credential& credential,
                             const KeyBindingClaims& claims, const SigningKey& deviceKey);

/// Reads what follows `LM1:`, decoded from Base45.
///
/// @error holder.signature-missing  a bare credential, or an empty signature
/// @error format.wrong-kind         a paper code's token
/// @error cbor.*, cose.*, credential.*, disclosure.*, live.shape
Result<KeyBinding> parseKeyBinding(ByteView encoded);

/// The bytes behind a prefix.
///
/// @error format.empty, format.too-long, format.prefix-unknown, format.version-unsupported,
/// format.other-system,
///        format.wrong-kind (another of our prefixes), base45.*
Result<Bytes> decodeText(std::string_view text, std::string_view prefix);

}  // namespace liangma
