// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "liangma/bytes.h"
#include "liangma/result.h"

/// CBOR in the core deterministic encoding, and nothing else.
namespace liangma::cbor {

enum class Type : std::uint8_t { Unsigned, Negative, Bytes, Text, Array, Map, Tag, Simple, Float };

struct Limits {
  std::size_t bytes = std::size_t{16} * 1024;
  int depth = 16;  ///< containers and tags inside one another
};

/// One data item and, right behind it, all that it contains.
struct Node {
  Type type;
  std::uint64_t
      argument;  ///< integer: n of n or -1-n · string: length · container: items or pairs · tag · simple
  std::uint32_t nodeCount;    ///< of the subtree, this node included
  const std::uint8_t* begin;  ///< of the encoding
  const std::uint8_t* end;
};

/// A read-only view of one item of a Document, which must outlive it; so must the decoded bytes.
class Item {
 public:
  explicit Item(const Node* node) : node_(node) {}

  Type type() const { return node_->type; }
  bool is(Type type) const { return node_->type == type; }

  /// The integer, if it is one and fits.
  std::optional<std::int64_t> integer() const;
  std::optional<std::uint64_t> unsignedInteger() const;
  std::optional<ByteView> bytes() const;
  std::optional<std::string_view> text() const;
  /// Number of elements of an array, of pairs of a map; 0 of anything else.
  std::size_t count() const {
    return is(Type::Array) || is(Type::Map) ? static_cast<std::size_t>(node_->argument) : 0;
  }
  bool isArray(std::size_t elements) const { return is(Type::Array) && count() == elements; }
  bool isSimple(std::uint8_t value) const { return is(Type::Simple) && node_->argument == value; }
  /// Argument of the head: the number of a tag, the value of a simple.
  std::uint64_t argument() const { return node_->argument; }
  double floating() const;

  /// What a tag encloses, an array's or a map's first item; only for those that have one.
  Item first() const { return Item(node_ + 1); }
  /// The item behind this one and its contents, inside the same container.
  Item next() const { return Item(node_ + node_->nodeCount); }
  /// @param index  < count() of an array
  Item at(std::size_t index) const;
  /// The value of an integer key of a map.
  std::optional<Item> find(std::int64_t key) const;

  /// The item's own bytes in the input.
  ByteView encoded() const { return {node_->begin, node_->end}; }

 private:
  const Node* node_;
};

/// A decoded input.
class Document {
 public:
  Item root() const { return Item(nodes_.data()); }

 private:
  friend Result<Document> decode(ByteView, Limits);
  std::vector<Node> nodes_;
};

/// Decodes exactly one item, which must be deterministically encoded.
///
/// @error cbor.*  see SPEC.md 3; the input is refused at its first fault
/// @source RFC 8949, 4.2.1 and 5.3.1
Result<Document> decode(ByteView input, Limits limits = {});

/// Where decode() finds its fault: the offset of the item that is wrong, or of the first byte too many; the
/// size of an input that is good or cut short.
std::size_t faultOffset(ByteView input, Limits limits = {});

/// Whether bytes are UTF-8 without surrogates, overlong forms or values above U+10FFFF.
bool isUtf8(std::string_view text);

}  // namespace liangma::cbor
