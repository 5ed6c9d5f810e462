// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "liangma/bytes.h"

namespace liangma::server {

/// A passkey of a member of staff: the public half of a key that their device keeps.
struct Passkey {
  std::string id;             ///< base64url
  Bytes coseKey;              ///< ES256 or Ed25519, as the device gave it
  std::uint32_t counter = 0;  ///< signatures made; 0: the device does not count
};

/// What a browser says that it signed: not believed until the rest is checked.
struct ClientData {
  std::string type;  ///< "webauthn.create" or "webauthn.get"
  std::string challenge;
  std::string origin;
};

/// Reads the `clientDataJSON` of a browser.
///
/// @param origins  where the bureau's pages come from, such as "https://code.example"
/// @throws Problem  400 staff.passkey-refused: no such text, of another kind or from another page
/// @source Web Authentication Level 2, 5.8.1
ClientData readClientData(ByteView json, std::string_view type, std::span<const std::string> origins);

/// Takes the passkey that a browser has just made.
///
/// The device must have verified who holds it (a finger, a face, a PIN). Which make it is, is not asked:
/// attestation "none".
///
/// @param client       read before
/// @param attestation  `attestationObject`
/// @throws Problem  400 staff.passkey-refused
/// @source Web Authentication Level 2, 7.1
Passkey openPasskey(const ClientData& client, ByteView attestation);

/// A signature by a passkey.
struct PasskeyProof {
  ByteView clientDataJson;
  ByteView authenticatorData;
  ByteView signature;
};

/// Checks a signature by a passkey.
///
/// @return  the new counter
/// @throws Problem  400 staff.passkey-refused; also where the counter does not go up: the key was copied
/// @source Web Authentication Level 2, 7.2
std::uint32_t checkPasskey(const Passkey& passkey, const ClientData& client, const PasskeyProof& proof);

}  // namespace liangma::server
