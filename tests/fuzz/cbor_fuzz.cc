// SPDX-License-Identifier: Apache-2.0
// What the reader accepts, the writer writes again byte for byte.
#include "fuzz.h"

using namespace liangma;
using cbor::Item;
using cbor::Type;

namespace {

void rewrite(Item item, cbor::Writer& writer);

void rewriteAll(Item first, std::size_t count, cbor::Writer& writer) {
  for (; count > 0; --count, first = first.next()) rewrite(first, writer);
}

void rewrite(Item item, cbor::Writer& writer) {
  switch (item.type()) {
    case Type::Unsigned:
      writer.unsignedInteger(*item.unsignedInteger());
      break;
    case Type::Negative:
      if (!item.integer()) return void(writer.raw(item.encoded()));
      writer.integer(*item.integer());
      break;
    case Type::Bytes:
      writer.bytes(*item.bytes());
      break;
    case Type::Text:
      fuzz::require(cbor::isUtf8(*item.text()), "text is UTF-8");
      writer.text(*item.text());
      break;
    case Type::Array:
      writer.array(item.count());
      rewriteAll(item.first(), item.count(), writer);
      break;
    case Type::Map:
      writer.map(item.count());
      rewriteAll(item.first(), 2 * item.count(), writer);
      break;
    case Type::Tag:
      writer.tag(item.argument());
      rewrite(item.first(), writer);
      break;
    case Type::Simple:
      writer.simple(static_cast<std::uint8_t>(item.argument()));
      break;
    case Type::Float:
      (void)item.floating();
      writer.raw(item.encoded());
      break;
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const auto document = cbor::decode(input);
  if (!document.ok()) {
    const int number = static_cast<int>(document.code());
    fuzz::require(number >= 120 && number < 130, "the fault is one of CBOR's");
    return 0;
  }
  cbor::Writer writer;
  rewrite(document->root(), writer);
  fuzz::require(fuzz::equal(writer.take(), input), "written again byte for byte");
  for (std::int64_t key = -3; key < 8; ++key) (void)document->root().find(key);
  return 0;
}
