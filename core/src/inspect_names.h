// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// What the integers in the tokens of LM1 are called, for inspect().
namespace liangma::inspection {

/// Which names the integer keys of a map have.
enum class Keys {
  None,
  Header,
  Claims,
  Code,
  Identity,
  CoseKey,
  Confirmation,
  Ask,
  Trust,
  Issuer,
  Verifier,
  Scene
};

struct KeyName {
  Keys keys;
  std::int64_t number;
  std::string_view name;
  Keys inside = Keys::None;  ///< of the value, if it is a map or an array of maps
};

/// nullptr where the key has no name.
const KeyName* findKeyName(Keys keys, std::optional<std::int64_t> number);

/// The registered name of a value, such as "Ed25519" of alg -19; empty where it has none.
///
/// @source IANA's registries for COSE and CoAP Content-Formats; SPEC.md 4
std::string_view findValueName(Keys keys, std::optional<std::int64_t> key, std::optional<std::int64_t> value);

}  // namespace liangma::inspection
