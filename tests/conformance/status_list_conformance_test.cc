// SPDX-License-Identifier: Apache-2.0
#include "cbor/writer.h"
#include "liangma/status_list.h"
#include "outside.h"
#include "vectorgen/world.h"

namespace liangma::outside {
namespace {

struct StatusListVectors : OutsideTest {
  StatusListVectors() : OutsideTest("status-list") {}
};

/// The packed list of a vector in our own encoding; theirs is not in deterministic order.
Result<StatusBits> readList(const Json& vector) {
  const auto theirs = Json::from_cbor(hexIn(vector, "cbor_hex"));
  cbor::Writer ours;
  ours.map(2).text("lst").bytes(theirs.at("lst").get_binary()).text("bits").integer(theirs.at("bits"));
  return decodeStatusList(ours.take());
}

StatusBits statedList(const Json& vector) {
  const int bits = vector.at("bits");
  if (vector.contains("byte_array")) return StatusBits::fromBytes(bits, hexIn(vector, "byte_array")).value();
  auto list = StatusBits::create(bits, vector.at("size")).value();
  for (const auto& [position, value] : vector.at("nonzero").items())
    EXPECT_TRUE(list.set(std::stoull(position), value.get<std::uint8_t>()).ok());
  return list;
}

TEST_F(StatusListVectors, InflateToWhatTheySay) {
  const auto vectors = readJson(root / "vectors.json");
  for (const auto& vector : vectors.at("lists")) {
    const auto list = readList(vector);
    ASSERT_TRUE(list.ok());
    EXPECT_EQ(list->bits(), vector.at("bits"));
    EXPECT_TRUE(list->bytes() == statedList(vector).bytes()) << list->bits() << " bits";
    EXPECT_EQ(decodeStatusList(encodeStatusList(*list)).value().bytes(), list->bytes());
    EXPECT_EQ(errcId(decodeStatusList(hexIn(vector, "cbor_hex")).code()), "cbor.key-order");
    count("lists read and written again");
  }
  EXPECT_EQ(counted("lists read and written again"), 6);
}

TEST_F(StatusListVectors, RefuseAnotherAlgorithmsToken) {
  const auto token = hexIn(readJson(root / "vectors.json"), "status_list_cwt_hex");
  const auto opened = openStatusList(token, world::statusContent().issuers[0]);
  EXPECT_EQ(errcId(opened.code()), "cose.algorithm-unsupported");
  count("tokens refused");
}

}  // namespace
}  // namespace liangma::outside
