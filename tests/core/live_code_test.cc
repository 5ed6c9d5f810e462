// SPDX-License-Identifier: Apache-2.0
#include "liangma/live_code.h"

#include "cose.h"
#include "fixture.h"
#include "key_binding.h"
#include "liangma/qr_symbol.h"
#include "profile.h"
#include "refusal.h"
#include "vectorgen/forge.h"

namespace liangma::test {
namespace {

using forge::fromHex;
using forge::integer;
using forge::Map;
using forge::text;
using forge::Token;

class LiveCodeTest : public testing::Test {
 protected:
  Result<KeyBinding> parse(const Token& changed) { return parseKeyBinding(changed.encode()); }
  Result<KeyBinding> parseWith(std::int64_t claim, const Bytes& value) {
    return parse(live.withPayload(live.payloadMap().set(claim, value)));
  }

  World world;
  Credential credential = world.credential();
  Token live = Token::readText(world.live());
};

TEST_F(LiveCodeTest, SaysWhatWasSigned) {
  const auto binding = parse(live).value();
  EXPECT_EQ(binding.claims.audience, "*");
  EXPECT_EQ(binding.claims.issuedAt, kNow + 60);
  EXPECT_FALSE(binding.claims.nonce.has_value());
  EXPECT_EQ(binding.claims.clock, ClockTrust::Confirmed);
  EXPECT_EQ(binding.credential.subject, credential.subject);
}

TEST_F(LiveCodeTest, ChangesWithEverySecondAndIsDeterministic) {
  EXPECT_EQ(world.live(kNow + 60), world.live(kNow + 60));
  EXPECT_NE(world.live(kNow + 60), world.live(kNow + 61));
}

TEST_F(LiveCodeTest, FitsTheSymbolsItPromises) {
  EXPECT_LE(makeQrSymbol(world.live(), QrLevel::M)->sizeModules, 69);
  auto claims = world.claims();
  claims.code.region = "330106";
  claims.code.statusIndex = 0xffffffff;
  claims.code.maskedName = "阿*提";
  const auto longest =
      makeLiveCode(world.credential(claims), world.device, kNow + 60, ClockTrust::Unconfirmed).value();
  EXPECT_LE(makeQrSymbol(longest, QrLevel::M)->sizeModules, 73);
}

TEST_F(LiveCodeTest, IsOnlyMadeInTheCredentialsTimeWithItsKey) {
  EXPECT_REFUSED("time.credential-not-yet", makeLiveCode(credential, world.device, kNow - 1));
  EXPECT_REFUSED("ok", makeLiveCode(credential, world.device, kNow));
  EXPECT_REFUSED("ok", makeLiveCode(credential, world.device, credential.expiresAt - 1));
  EXPECT_REFUSED("time.credential-expired", makeLiveCode(credential, world.device, credential.expiresAt));
  EXPECT_REFUSED("key.mismatch", makeLiveCode(credential, world.hospital, kNow));
  credential.deviceKey.reset();
  EXPECT_REFUSED("holder.key-missing", makeLiveCode(credential, world.device, kNow));
}

TEST_F(LiveCodeTest, RefusesClaimsOutOfRange) {
  struct Fault {
    std::int64_t claim;
    Bytes value;
  };
  const Fault faults[] = {
      {profile::kAud, integer(0)},
      {profile::kAud, text("")},
      {profile::kAud, text("**")},
      {profile::kAud, text("https://gate")},
      {profile::kAud, text("12345678901234567")},
      {profile::kIat, text("0")},
      {profile::kIat, integer(-1)},
      {profile::kIat, integer(std::int64_t{1} << 53)},
      {profile::kIat, fromHex("f97c00")},
      {profile::kNonce, forge::bytes(Bytes(15))},
      {profile::kNonce, forge::bytes(Bytes(33))},
      {profile::kNonce, text("0123456789abcdef")},
      {profile::kNonce, fromHex("f6")},
      {profile::kClock, integer(0)},
      {profile::kClock, integer(2)},
      {profile::kClock, fromHex("f5")},
      {profile::kExp, integer(kNow + 100)},
      {profile::kSub, text("AAAAAAAA")},
  };
  for (const auto& [claim, value] : faults)
    EXPECT_REFUSED("live.shape", parseWith(claim, value)) << claim << " " << forge::hex(value);
  for (const auto claim : {profile::kAud, profile::kIat})
    EXPECT_REFUSED("live.shape", parse(live.withPayload(live.payloadMap().erase(claim)))) << claim;
  auto list = live;
  list.payload = fromHex("80");
  EXPECT_REFUSED("live.shape", parse(list));
}

TEST_F(LiveCodeTest, RefusesOtherHeaders) {
  const auto header = [&] { return live.headerMap(); };
  EXPECT_REFUSED("cose.algorithm-unsupported", parse(live.withHeader(header().set(1, integer(-7)))));
  EXPECT_REFUSED("cose.algorithm-unsupported", parse(live.withHeader(header().erase(1))));
  EXPECT_REFUSED("cose.header-unknown", parse(live.withHeader(header().erase(13))));
  EXPECT_REFUSED("cose.header-unknown", parse(live.withHeader(header().set(4, forge::bytes(Bytes(8))))));
  EXPECT_REFUSED("cose.header-unknown", parse(live.withHeader(header().set(2, fromHex("810d")))));
  EXPECT_REFUSED("cose.header-unknown", parse(live.withUnprotected(fromHex("a10101"))));
  EXPECT_REFUSED("cose.type-wrong", parse(live.withHeader(header().set(16, text("kb+cwt")))));
  EXPECT_REFUSED("cose.type-wrong", parse(live.withHeader(header().erase(16))));
  EXPECT_REFUSED("cose.shape", parse(live.withHeader(header().set(13, fromHex("80")))));
  EXPECT_REFUSED("cose.shape", parse(live.withHeader(header().set(13, forge::bytes(header().at(13))))));
  auto list = live;
  list.header = fromHex("80");
  EXPECT_REFUSED("cose.shape", parse(list));
  list.header = {};
  EXPECT_REFUSED("cbor.truncated", parse(list));
}

TEST_F(LiveCodeTest, NamesATextOfAnotherKind) {
  const auto read = [](std::string_view code) { return decodeText(code, kLivePrefix); };
  EXPECT_REFUSED("format.empty", read(""));
  EXPECT_REFUSED("format.too-long", read("LM1:" + std::string(kMaxTextLength, '0')));
  for (const char* code :
       {"hello", "LM", "LM1", "LM1;00", "lm1:00", " LM1:00", "LM0:00", "LMX1:00", "LMR:", "\xff\xfe"})
    EXPECT_REFUSED("format.prefix-unknown", read(code)) << code;
  for (const char* code : {"LM2:00", "LM9:", "LMR2:00", "LMS3:00", "LMP7:00"})
    EXPECT_REFUSED("format.version-unsupported", read(code)) << code;
  for (const char* code : {"LMR1:00", "LMS1:00", "LMP1:00"})
    EXPECT_REFUSED("format.wrong-kind", read(code)) << code;
  for (const char* code : {"HC1:6BF", "shc:/5676", "https://example.org", "HTTP://EXAMPLE.ORG", "NL2:A"})
    EXPECT_REFUSED("format.other-system", read(code)) << code;
  EXPECT_REFUSED("base45.length", read("LM1:0"));
  EXPECT_REFUSED("base45.character", read("LM1:ab"));
  EXPECT_REFUSED("ok", read("LM1:"));
}

}  // namespace
}  // namespace liangma::test
