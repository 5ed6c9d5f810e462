// SPDX-License-Identifier: Apache-2.0
#include "cbor/reader.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include <cbor.h>

namespace liangma::cbor {
namespace {

Errc translate(CborError error) {
  switch (error) {
    case CborNoError:
      return Errc::Ok;
    case CborErrorUnexpectedEOF:
    case CborErrorAdvancePastEOF:
      return Errc::CborTruncated;
    case CborErrorDataTooLarge:
      return Errc::CborTooLarge;
    default:
      return Errc::CborMalformed;
  }
}

int majorType(std::uint8_t initial) {
  return initial >> 5;
}
int additional(std::uint8_t initial) {
  return initial & 31;
}

std::size_t headSize(std::uint8_t initial) {
  const int info = additional(initial);
  return info < 24 || info > 27 ? 1 : 1 + (std::size_t{1} << (info - 24));
}

std::uint64_t bigEndian(const std::uint8_t* data, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | data[i];
  return value;
}

/// Whether a head's argument could have been written in fewer bytes.
bool isOverlong(std::uint8_t initial, std::uint64_t argument) {
  switch (additional(initial)) {
    case 24:
      return argument < 24;
    case 25:
      return argument <= 0xff;
    case 26:
      return argument <= 0xffff;
    case 27:
      return argument <= 0xffffffff;
    default:
      return false;
  }
}

float halfToFloat(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const int mantissa = bits & 0x3ff;
  float value;
  if (exponent == 31)
    value = mantissa == 0 ? std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
  else if (exponent == 0)
    value = static_cast<float>(mantissa) / 16777216.0f;
  else
    value =
        static_cast<float>(mantissa + 1024) * static_cast<float>(std::uint64_t{1} << exponent) / 33554432.0f;
  return bits & 0x8000 ? -value : value;
}

float floatFromBits(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

double doubleFromBits(std::uint64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// Whether a single-precision number is also a half-precision one.
bool fitsHalf(std::uint32_t bits) {
  const int exponent = static_cast<int>(bits >> 23 & 0xff) - 127;
  const std::uint32_t mantissa = bits & 0x7fffff;
  if ((bits & 0x7fffffff) == 0 || exponent == 128) return true;
  if (exponent > 15 || exponent < -24) return false;
  const int lost = exponent >= -14 ? 13 : 13 + (-14 - exponent);
  return (mantissa & ((std::uint32_t{1} << lost) - 1)) == 0;
}

bool fitsSingle(double value) {
  if (value > std::numeric_limits<float>::max() || value < std::numeric_limits<float>::lowest())
    return value == std::numeric_limits<double>::infinity() ||
           value == -std::numeric_limits<double>::infinity();
  return static_cast<double>(static_cast<float>(value)) == value;
}

/// Floats take the shortest form that keeps the value; the only NaN is f97e00.
bool isShortestFloat(std::uint8_t initial, std::uint64_t bits) {
  switch (additional(initial)) {
    case 25:
      return (bits & 0x7c00) != 0x7c00 || (bits & 0x3ff) == 0 || bits == 0x7e00;
    case 26:
      return !fitsHalf(static_cast<std::uint32_t>(bits));
    default: {
      const double value = doubleFromBits(bits);
      return value == value && !fitsSingle(value);
    }
  }
}

/// Whether a big number could have been an integer, or has leading zeros.
bool isPaddedBigNumber(const Node& tag, const Node& content) {
  if (tag.argument > 3 || tag.argument < 2 || content.type != Type::Bytes) return false;
  return content.argument <= 8 || content.begin[headSize(*content.begin)] == 0;
}

/// Walks the input once with tinycbor and lists what it meets.
class Decoder {
 public:
  Decoder(std::vector<Node>& nodes, const std::uint8_t* end, int maxDepth)
      : nodes_(nodes), end_(end), maxDepth_(maxDepth) {}

  /// The first byte of the item that was read last, or is being read.
  const std::uint8_t* at() const { return at_; }

  /// Reads the item at `it` and moves behind it.
  Status readItem(CborValue& it, int depth) {
    at_ = cbor_value_get_next_byte(&it);
    if (depth > maxDepth_) return Errc::CborTooDeep;
    const std::size_t index = nodes_.size();
    LIANGMA_TRY(const Type type, readHead(it));
    switch (type) {
      case Type::Array:
      case Type::Map:
        LIANGMA_CHECK(readContainer(it, type, depth));
        break;
      case Type::Tag:
        LIANGMA_CHECK(step(cbor_value_advance_fixed(&it), it));
        LIANGMA_CHECK(readItem(it, depth + 1));
        if (isPaddedBigNumber(nodes_[index], nodes_[index + 1])) return Errc::CborNotShortest;
        break;
      case Type::Text:
        LIANGMA_CHECK(step(cbor_value_advance(&it), it));
        if (!isUtf8(textBetween(nodes_[index], cbor_value_get_next_byte(&it)))) return Errc::CborUtf8;
        break;
      default:
        LIANGMA_CHECK(step(cbor_value_advance(&it), it));
    }
    nodes_[index].nodeCount = static_cast<std::uint32_t>(nodes_.size() - index);
    nodes_[index].end = cbor_value_get_next_byte(&it);
    return success();
  }

 private:
  /// Moving on looks at the next item's head already, which may be what is wrong.
  Status step(CborError error, const CborValue& it) {
    if (error == CborNoError) return success();
    at_ = cbor_value_get_next_byte(&it);
    return translate(error);
  }

  static std::string_view textBetween(const Node& node, const std::uint8_t* end) {
    const auto* begin = node.begin + headSize(*node.begin);
    return {reinterpret_cast<const char*>(begin), static_cast<std::size_t>(end - begin)};
  }

  /// Checks the initial byte and its argument, and appends a node for it.
  Result<Type> readHead(const CborValue& it) {
    if (!cbor_value_is_valid(&it)) return Errc::CborMalformed;
    const std::uint8_t* begin = cbor_value_get_next_byte(&it);
    const std::size_t size = headSize(*begin);
    if (static_cast<std::size_t>(end_ - begin) < size) return Errc::CborTruncated;
    if (additional(*begin) == 31) return Errc::CborIndefiniteLength;
    const std::uint64_t argument = size == 1 ? additional(*begin) : bigEndian(begin + 1, size - 1);
    Type type = static_cast<Type>(majorType(*begin));
    if (majorType(*begin) == 7 && size > 2) {
      type = Type::Float;
      if (!isShortestFloat(*begin, argument)) return Errc::CborNotShortest;
    } else if (isOverlong(*begin, argument)) {
      return Errc::CborNotShortest;
    }
    nodes_.push_back({type, argument, 1, begin, begin});
    return type;
  }

  Status readContainer(CborValue& it, Type type, int depth) {
    CborValue inside;
    LIANGMA_CHECK(step(cbor_value_enter_container(&it, &inside), inside));
    ByteView previousKey;
    while (!cbor_value_at_end(&inside)) {
      const std::size_t index = nodes_.size();
      LIANGMA_CHECK(readItem(inside, depth + 1));
      if (type == Type::Array) continue;
      LIANGMA_CHECK(checkKeyOrder(previousKey, Item(&nodes_[index]).encoded()));
      previousKey = Item(&nodes_[index]).encoded();
      LIANGMA_CHECK(readItem(inside, depth + 1));
    }
    return step(cbor_value_leave_container(&it, &inside), it);
  }

  /// Map keys ascend in the bytewise order of their encodings.
  static Status checkKeyOrder(ByteView previous, ByteView key) {
    if (std::equal(previous.begin(), previous.end(), key.begin(), key.end())) return Errc::CborDuplicateKey;
    if (!std::lexicographical_compare(previous.begin(), previous.end(), key.begin(), key.end()))
      return Errc::CborKeyOrder;
    return success();
  }

  std::vector<Node>& nodes_;
  const std::uint8_t* end_;
  int maxDepth_;
  const std::uint8_t* at_ = nullptr;
};

/// Lists the nodes of exactly one item; `at` is then the place of the fault, if there is one.
Status walk(ByteView input, Limits limits, std::vector<Node>& nodes, const std::uint8_t*& at) {
  at = input.data();
  if (input.size() > limits.bytes) return Errc::CborTooLarge;
  if (input.empty()) return Errc::CborTruncated;
  CborParser parser;
  CborValue it;
  if (const auto error = cbor_parser_init(input.data(), input.size(), 0, &parser, &it); error != CborNoError)
    return translate(error);
  Decoder decoder(nodes, input.data() + input.size(), limits.depth);
  const auto read = decoder.readItem(it, 1);
  at = decoder.at();
  LIANGMA_CHECK(read);
  at = cbor_value_get_next_byte(&it);
  if (at != input.data() + input.size()) return Errc::CborTrailingBytes;
  return success();
}

}  // namespace

std::optional<std::int64_t> Item::integer() const {
  if (node_->argument > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return std::nullopt;
  const auto magnitude = static_cast<std::int64_t>(node_->argument);
  if (is(Type::Unsigned)) return magnitude;
  if (is(Type::Negative)) return -1 - magnitude;
  return std::nullopt;
}

std::optional<std::uint64_t> Item::unsignedInteger() const {
  if (!is(Type::Unsigned)) return std::nullopt;
  return node_->argument;
}

std::optional<ByteView> Item::bytes() const {
  if (!is(Type::Bytes)) return std::nullopt;
  return encoded().subspan(headSize(*node_->begin));
}

std::optional<std::string_view> Item::text() const {
  if (!is(Type::Text)) return std::nullopt;
  const auto content = encoded().subspan(headSize(*node_->begin));
  return std::string_view(reinterpret_cast<const char*>(content.data()), content.size());
}

double Item::floating() const {
  switch (additional(*node_->begin)) {
    case 25:
      return halfToFloat(static_cast<std::uint16_t>(node_->argument));
    case 26:
      return floatFromBits(static_cast<std::uint32_t>(node_->argument));
    default:
      return doubleFromBits(node_->argument);
  }
}

Item Item::at(std::size_t index) const {
  Item item = first();
  for (; index > 0; --index) item = item.next();
  return item;
}

std::optional<Item> Item::find(std::int64_t key) const {
  if (!is(Type::Map)) return std::nullopt;
  Item item = first();
  for (std::size_t i = 0; i < count(); ++i, item = item.next().next())
    if (item.integer() == key) return item.next();
  return std::nullopt;
}

Result<Document> decode(ByteView input, Limits limits) {
  Document document;
  document.nodes_.reserve(std::min<std::size_t>(input.size(), 64));
  const std::uint8_t* at;
  LIANGMA_CHECK(walk(input, limits, document.nodes_, at));
  return document;
}

std::size_t faultOffset(ByteView input, Limits limits) {
  std::vector<Node> nodes;
  const std::uint8_t* at;
  const auto walked = walk(input, limits, nodes, at);
  const bool atEnd = walked.ok() || walked.code() == Errc::CborTruncated;
  return atEnd ? input.size() : static_cast<std::size_t>(at - input.data());
}

bool isUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const int length = lead < 0x80   ? 1
                       : lead < 0xc2 ? 0
                       : lead < 0xe0 ? 2
                       : lead < 0xf0 ? 3
                       : lead < 0xf5 ? 4
                                     : 0;
    if (length == 0 || text.size() - i < static_cast<std::size_t>(length)) return false;
    for (int k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    const auto second = length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0;
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
        (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f))
      return false;
    i += length;
  }
  return true;
}

}  // namespace liangma::cbor
