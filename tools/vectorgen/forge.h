// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "liangma/key.h"

/// Takes tokens apart and puts them together wrongly, signed or not: what core itself never makes.
namespace liangma::forge {

Bytes integer(std::int64_t value);
Bytes text(std::string_view value);
Bytes bytes(ByteView value);
Bytes array(std::initializer_list<Bytes> elements);

/// Hexadecimal digits, lower case.
std::string hex(ByteView value);
/// @param digits  hexadecimal; blanks between them are skipped
Bytes fromHex(std::string_view digits);

/// A CBOR map taken apart; keys and values are encoded items.
class Map {
 public:
  Map() = default;
  /// @param encoded  a deterministic map; anything else gives an empty one
  static Map read(ByteView encoded);

  Map& set(std::int64_t key, ByteView value) { return setRaw(integer(key), value); }
  Map& setRaw(const Bytes& key, ByteView value);
  Map& erase(std::int64_t key);
  Map& eraseRaw(const Bytes& key);
  Bytes at(std::int64_t key) const;
  Bytes encode() const;

 private:
  std::map<Bytes, Bytes> entries_;
};

/// The four parts of a COSE_Sign1.
struct Token {
  Bytes header;                ///< the encoded protected map
  Bytes unprotected = {0xa0};  ///< encoded
  Bytes payload;
  Bytes signature;

  static Token read(ByteView encoded);
  static Token readText(std::string_view text);

  Map headerMap() const { return Map::read(header); }
  Map payloadMap() const { return Map::read(payload); }
  Token withHeader(const Map& map) const;
  Token withPayload(const Map& map) const;
  Token withUnprotected(Bytes encoded) const;
  Token signedBy(const SigningKey& key) const;
  Token withSignature(Bytes bytes) const;

  Bytes encode() const;
  std::string asText(std::string_view prefix) const;
};

/// The credential inside a live code.
Token credentialOf(const Token& live);
/// The live code with another credential in its header; not signed anew.
Token withCredential(const Token& live, const Token& credential);

}  // namespace liangma::forge
