// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "liangma/bytes.h"

namespace liangma::cbor {

/// Writes items with the shortest heads. The caller gives as many items as a container announces, keys in
/// order.
class Writer {
 public:
  /// Most items are that small, and so take one allocation.
  Writer() { out_.reserve(128); }

  Writer& integer(std::int64_t value);
  Writer& unsignedInteger(std::uint64_t value);
  Writer& bytes(ByteView value);
  Writer& text(std::string_view value);
  Writer& array(std::size_t elements);
  Writer& map(std::size_t pairs);
  Writer& tag(std::uint64_t number);
  Writer& simple(std::uint8_t value);
  /// Appends items that are encoded already.
  Writer& raw(ByteView encoded);

  Bytes take() { return std::move(out_); }

 private:
  Bytes out_;
};

/// A map whose entries may be added in any order, each key once.
class MapWriter {
 public:
  /// Begins an entry: write exactly one value into the result, before the next entry begins.
  Writer& key(std::int64_t key);
  Writer& key(std::string_view key);
  Writer& simpleKey(std::uint8_t value);

  /// The encoded map, keys in deterministic order.
  Bytes take();

 private:
  struct Entry {
    Bytes key;
    Writer value;
  };
  Writer& begin(Bytes key);

  std::vector<Entry> entries_;
};

}  // namespace liangma::cbor
