// SPDX-License-Identifier: Apache-2.0
#include "vectorgen/forge.h"

#include "cbor/reader.h"
#include "cbor/writer.h"
#include "cose.h"
#include "liangma/base45.h"

namespace liangma::forge {
namespace {

using cbor::Item;
using cbor::Writer;

Bytes copy(ByteView view) {
  return {view.begin(), view.end()};
}

int digit(char c) {
  return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

}  // namespace

Bytes integer(std::int64_t value) {
  return Writer().integer(value).take();
}
Bytes text(std::string_view value) {
  return Writer().text(value).take();
}
Bytes bytes(ByteView value) {
  return Writer().bytes(value).take();
}

Bytes array(std::initializer_list<Bytes> elements) {
  Writer writer;
  writer.array(elements.size());
  for (const auto& element : elements) writer.raw(element);
  return writer.take();
}

std::string hex(ByteView value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  for (const auto byte : value) {
    digits += kDigits[byte >> 4];
    digits += kDigits[byte & 15];
  }
  return digits;
}

Bytes fromHex(std::string_view digits) {
  Bytes value;
  int high = -1;
  for (const char c : digits) {
    if (c == ' ') continue;
    if (high < 0) {
      high = digit(c);
    } else {
      value.push_back(static_cast<std::uint8_t>(high << 4 | digit(c)));
      high = -1;
    }
  }
  return value;
}

Map Map::read(ByteView encoded) {
  Map map;
  const auto document = cbor::decode(encoded);
  if (!document.ok() || !document->root().is(cbor::Type::Map)) return map;
  Item key = document->root().first();
  for (std::size_t i = 0; i < document->root().count(); ++i, key = key.next().next())
    map.entries_[copy(key.encoded())] = copy(key.next().encoded());
  return map;
}

Map& Map::setRaw(const Bytes& key, ByteView value) {
  entries_[key] = copy(value);
  return *this;
}

Map& Map::erase(std::int64_t key) {
  return eraseRaw(integer(key));
}

Map& Map::eraseRaw(const Bytes& key) {
  entries_.erase(key);
  return *this;
}

Bytes Map::at(std::int64_t key) const {
  const auto found = entries_.find(integer(key));
  return found == entries_.end() ? Bytes() : found->second;
}

Bytes Map::encode() const {
  Writer writer;
  writer.map(entries_.size());
  for (const auto& [key, value] : entries_) writer.raw(key).raw(value);
  return writer.take();
}

Token Token::read(ByteView encoded) {
  const auto document = cbor::decode(encoded).value();
  const Item parts = document.root().is(cbor::Type::Tag) ? document.root().first() : document.root();
  return {copy(*parts.at(0).bytes()), copy(parts.at(1).encoded()), copy(*parts.at(2).bytes()),
          copy(*parts.at(3).bytes())};
}

Token Token::readText(std::string_view text) {
  return read(decodeBase45(text.substr(text.find(':') + 1)).value());
}

Token Token::withHeader(const Map& map) const {
  Token token = *this;
  token.header = map.encode();
  return token;
}

Token Token::withPayload(const Map& map) const {
  Token token = *this;
  token.payload = map.encode();
  return token;
}

Token Token::withUnprotected(Bytes encoded) const {
  Token token = *this;
  token.unprotected = std::move(encoded);
  return token;
}

Token Token::signedBy(const SigningKey& key) const {
  const auto signature64 = key.sign(cose::toBeSigned(header, payload));
  return withSignature({signature64.begin(), signature64.end()});
}

Token Token::withSignature(Bytes value) const {
  Token token = *this;
  token.signature = std::move(value);
  return token;
}

Bytes Token::encode() const {
  return Writer()
      .tag(cose::kTagSign1)
      .array(4)
      .bytes(header)
      .raw(unprotected)
      .bytes(payload)
      .bytes(signature)
      .take();
}

std::string Token::asText(std::string_view prefix) const {
  return std::string(prefix) + encodeBase45(encode());
}

Token credentialOf(const Token& live) {
  return Token::read(live.headerMap().at(cose::kHeaderKcwt));
}

Token withCredential(const Token& live, const Token& credential) {
  return live.withHeader(live.headerMap().set(cose::kHeaderKcwt, credential.encode()));
}

}  // namespace liangma::forge
