// SPDX-License-Identifier: Apache-2.0
//
// Our decoder takes the core deterministic encoding alone: what is well-formed and not deterministic has ids
// of its own.
#include <cmath>
#include <set>

#include "cbor/reader.h"
#include "outside.h"

namespace liangma::outside {
namespace {

using cbor::Item;
using cbor::Type;

struct CborVectors : OutsideTest {
  CborVectors() : OutsideTest("cbor") {}

  static std::string idOf(const Bytes& encoded) { return std::string(errcId(cbor::decode(encoded).code())); }
  static std::string idOf(const Json& vector) { return idOf(hexIn(vector, "hex")); }
};

const std::set<std::string> kNotDeterministic = {"cbor.not-shortest", "cbor.key-order",
                                                 "cbor.indefinite-length", "cbor.duplicate-key"};

/// The item in JSON, where JSON can say it.
std::optional<Json> toJson(Item item);

std::optional<Json> arrayToJson(Item array) {
  Json json = Json::array();
  for (std::size_t i = 0; i < array.count(); ++i) {
    const auto element = toJson(array.at(i));
    if (!element) return std::nullopt;
    json.push_back(*element);
  }
  return json;
}

std::optional<Json> mapToJson(Item map) {
  Json json = Json::object();
  Item key = map.first();
  for (std::size_t i = 0; i < map.count(); ++i, key = key.next().next()) {
    const auto value = toJson(key.next());
    if (!key.text() || !value) return std::nullopt;
    json[std::string(*key.text())] = *value;
  }
  return json;
}

std::optional<Json> toJson(Item item) {
  switch (item.type()) {
    case Type::Unsigned:
      return Json(*item.unsignedInteger());
    case Type::Negative:
      return item.integer() ? std::optional<Json>(*item.integer()) : std::nullopt;
    case Type::Text:
      return Json(std::string(*item.text()));
    case Type::Array:
      return arrayToJson(item);
    case Type::Map:
      return mapToJson(item);
    case Type::Float:
      return std::isfinite(item.floating()) ? std::optional<Json>(item.floating()) : std::nullopt;
    case Type::Simple:
      if (item.isSimple(20) || item.isSimple(21)) return Json(item.isSimple(21));
      if (item.isSimple(22)) return Json(nullptr);
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

TEST_F(CborVectors, AppendixAIsReadWithItsValues) {
  for (const auto& vector : readJson(root / "appendix-a/appendix_a.json")) {
    const auto hex = vector.at("hex").get<std::string>();
    const auto encoded = forge::fromHex(hex);
    const auto document = cbor::decode(encoded);
    if (hex == "f818") {
      EXPECT_EQ(idOf(vector), "cbor.malformed");
      count("appendix A, malformed since RFC 8949");
    } else if (vector.at("roundtrip") == false) {
      EXPECT_EQ(kNotDeterministic.count(idOf(vector)), 1u) << hex << " " << idOf(vector);
      count("appendix A, well-formed but not deterministic, refused");
    } else {
      ASSERT_TRUE(document.ok()) << hex << " " << idOf(vector);
      const auto json = toJson(document->root());
      if (json && vector.contains("decoded")) {
        EXPECT_EQ(*json, vector.at("decoded")) << hex;
        count("appendix A, read and compared");
      } else {
        count("appendix A, read");
      }
    }
  }
  EXPECT_GE(counted("appendix A, read and compared"), 40);
}

/// One test of cbor-wg's EDN files: what stands between two descriptions.
struct EdnTest {
  std::string description;
  Bytes encoded;
  bool roundtrip = true;
  bool fail = false;
};

std::string between(std::string_view text, std::string_view before, std::string_view after) {
  const auto begin = text.find(before);
  if (begin == text.npos) return {};
  text.remove_prefix(begin + before.size());
  return std::string(text.substr(0, text.find(after)));
}

std::vector<EdnTest> readEdn(const fs::path& path) {
  constexpr std::string_view kMark = "\"description\":";
  const auto content = readFile(path);
  std::vector<EdnTest> tests;
  for (auto at = content.find(kMark); at != content.npos;) {
    const auto next = content.find(kMark, at + 1);
    const auto chunk = std::string_view(content).substr(at, next - at);
    if (chunk.find("\"encoded\": h'") != chunk.npos)
      tests.push_back({between(chunk, "\"description\": \"", "\""),
                       forge::fromHex(between(chunk, "\"encoded\": h'", "'")),
                       chunk.find("\"roundtrip\": false") == chunk.npos,
                       chunk.find("\"fail\": true") != chunk.npos});
    at = next;
  }
  return tests;
}

/// A NaN in a float of any size, but for f97e00, the only one that SPEC.md 3 knows.
bool isOtherNaN(const Bytes& encoded) {
  const auto hex = forge::hex(encoded);
  const auto magnitude = encoded.size() < 3 ? 0u : (encoded[1] & 0x7fu) << 8 | encoded[2];
  const bool zeros = hex.find_first_not_of('0', 6) == hex.npos;
  switch (encoded.empty() ? 0 : encoded[0]) {
    case 0xf9:
      return magnitude > 0x7c00 && hex != "f97e00";
    case 0xfa:
      return magnitude > 0x7f80 || (magnitude == 0x7f80 && !zeros);
    case 0xfb:
      return magnitude > 0x7ff0 || (magnitude == 0x7ff0 && !zeros);
    default:
      return false;
  }
}

TEST_F(CborVectors, CborWorkingGroupsAreReadWhenDeterministic) {
  for (const auto& file : filesIn(root / "cbor-wg", ".edn")) {
    for (const auto& test : readEdn(file)) {
      const auto id = idOf(test.encoded);
      if (isOtherNaN(test.encoded)) {
        EXPECT_EQ(id, "cbor.not-shortest") << forge::hex(test.encoded);
        count("cbor-wg, a NaN with a payload, refused");
      } else if (test.roundtrip && !test.fail) {
        EXPECT_EQ(id, "ok") << file << " " << forge::hex(test.encoded) << " " << test.description;
        count("cbor-wg, read");
      } else {
        EXPECT_EQ(kNotDeterministic.count(id), 1u) << file << " " << forge::hex(test.encoded) << " " << id;
        count("cbor-wg, well-formed but not deterministic, refused");
      }
    }
  }
  EXPECT_GE(counted("cbor-wg, read"), 600);
  EXPECT_GE(counted("cbor-wg, well-formed but not deterministic, refused"), 600);
}

TEST_F(CborVectors, DcborsValidOnesAreReadAndMostInvalidOnesRefused) {
  // Against dCBOR's further rules alone: numbers in one form, 65-bit negatives, big numbers, other simple
  // values, NFC.
  const std::set<std::string> deterministicForUs = {
      "f94a00", "3b8000000000000000", "3bffffffffffffffff", "f98000", "e0", "f7", "6345cc88"};
  for (const auto& vector : readJson(root / "dcbor/valid.json")) {
    EXPECT_EQ(idOf(vector), "ok") << vector.at("hex");
    count("dcbor, read");
  }
  for (const auto& vector : readJson(root / "dcbor/invalid.json")) {
    const auto hex = vector.at("hex").get<std::string>();
    if (deterministicForUs.count(hex) > 0) {
      EXPECT_EQ(idOf(vector), "ok") << hex;
      count("dcbor, against its further rules alone, read");
    } else {
      EXPECT_NE(idOf(vector), "ok") << hex;
      count("dcbor, refused");
    }
  }
}

TEST_F(CborVectors, NothingThatIsNotWellFormedIsRead) {
  for (const auto& vector : readJson(root / "not-well-formed/vectors.json")) {
    EXPECT_NE(idOf(vector), "ok") << vector.at("hex") << " " << vector.at("comment");
    count("not well-formed, refused");
  }
  EXPECT_GE(counted("not well-formed, refused"), 122);
}

}  // namespace
}  // namespace liangma::outside
