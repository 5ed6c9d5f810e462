// SPDX-License-Identifier: Apache-2.0
#include "liangma/credential.h"

#include "cose.h"
#include "fixture.h"
#include "profile.h"
#include "refusal.h"
#include "sd_cwt.h"
#include "vectorgen/forge.h"

namespace liangma::test {
namespace {

using forge::fromHex;
using forge::integer;
using forge::Map;
using forge::text;
using forge::Token;

class CredentialTest : public testing::Test {
 protected:
  Result<Bytes> issue(const CredentialClaims& claims) {
    const auto random = noise(400);
    Entropy entropy(random);
    return issueCredential(claims, world.issuer, entropy);
  }
  Result<Bytes> issueWith(void (*change)(CredentialClaims&)) {
    auto claims = world.claims();
    change(claims);
    return issue(claims);
  }

  /// Reads the credential with one claim of its payload replaced.
  Result<Credential> parseWith(std::int64_t claim, const Bytes& value) {
    return parse(token.withPayload(token.payloadMap().set(claim, value)));
  }
  Result<Credential> parseWithout(std::int64_t claim) {
    return parse(token.withPayload(token.payloadMap().erase(claim)));
  }
  Result<Credential> parseWithCode(std::int64_t member, const Bytes& value) {
    return parseWith(profile::kCode, code().set(member, value).encode());
  }
  Result<Credential> parse(const Token& changed) { return parseCredential(changed.encode()); }
  Map code() { return Map::read(token.payloadMap().at(profile::kCode)); }

  /// Reads a credential whose identity has one member with this disclosure.
  Result<Credential> parseWithMember(const Bytes& key, const Bytes& value) {
    const auto member = forge::array({forge::bytes(Bytes(16, 1)), value, key});
    const auto outer = sdcwt::makeDisclosure({}, redacted({member}), profile::kIdentity);
    return parse(withDisclosures({outer}, {outer, member}));
  }
  static Bytes redacted(const std::vector<Bytes>& disclosures) {
    cbor::Writer writer;
    writer.map(1).simple(sdcwt::kRedactedKeys).raw(hashes(disclosures));
    return writer.take();
  }
  static Bytes hashes(const std::vector<Bytes>& disclosures) {
    cbor::Writer writer;
    writer.array(disclosures.size());
    for (const auto& disclosure : disclosures) writer.bytes(sdcwt::blindedHash32(disclosure));
    return writer.take();
  }
  static Bytes sdClaims(const std::vector<Bytes>& disclosures) {
    cbor::Writer writer;
    writer.map(1).integer(cose::kHeaderSdClaims).array(disclosures.size());
    for (const auto& disclosure : disclosures) writer.bytes(disclosure);
    return writer.take();
  }
  Token withDisclosures(const std::vector<Bytes>& hashed, const std::vector<Bytes>& given) {
    return token.withPayload(token.payloadMap().setRaw(kRedacted, hashes(hashed)))
        .withUnprotected(sdClaims(given));
  }

  const Bytes kRedacted = fromHex("f83b");
  World world;
  Token token = Token::read(world.issue(world.claims()));
};

TEST_F(CredentialTest, ReadsWhatItIssues) {
  auto claims = world.claims();
  claims.code.region = "330106";
  claims.code.live = LivePolicy{10, 30, LivePolicy{}.futureSeconds};
  const auto credential = parseCredential(*issue(claims)).value();
  EXPECT_EQ(credential.issuer, claims.issuer);
  EXPECT_EQ(credential.issuedAt, claims.issuedAt);
  EXPECT_EQ(credential.expiresAt, claims.expiresAt);
  EXPECT_EQ(credential.deviceKey, claims.deviceKey);
  EXPECT_EQ(credential.code, claims.code);
  EXPECT_EQ(credential.identity, claims.identity);
  EXPECT_EQ(credential.region(), "330106");
  EXPECT_EQ(credential.issuerKeyId, world.issuer.publicKey().keyId8());
  EXPECT_EQ(credential.subject.size(), 8u);
}

TEST_F(CredentialTest, SubjectsAndSaltsDifferBetweenIssuances) {
  const auto first = parseCredential(world.issue(world.claims(), 1)).value();
  const auto second = parseCredential(world.issue(world.claims(), 2)).value();
  EXPECT_NE(first.subject, second.subject);
  EXPECT_NE(first.disclosures, second.disclosures);
  EXPECT_NE(first.payload, second.payload);
}

TEST_F(CredentialTest, ShowsNothingOfTheIdentityUntilChosen) {
  const auto credential = world.credential();
  const auto encoded = presentCredential(credential, {}).value();
  const std::string shown(encoded.begin(), encoded.end());
  for (const auto& [claim, value] : world.claims().identity) EXPECT_EQ(shown.find(value), std::string::npos);
  EXPECT_TRUE(parseCredential(encoded)->identity.empty());
}

TEST_F(CredentialTest, PresentsExactlyTheChosenMembers) {
  const auto credential = world.credential();
  for (unsigned mask = 1; mask < 16; ++mask) {
    std::set<IdentityClaim> chosen;
    unsigned bit = 0;
    for (const auto& [claim, value] : credential.identity)
      if (mask >> bit++ & 1) chosen.insert(claim);
    const auto shown = parseCredential(*presentCredential(credential, chosen)).value();
    EXPECT_EQ(shown.identity.size(), chosen.size());
    for (const auto claim : chosen) EXPECT_EQ(shown.identity.at(claim), credential.identity.at(claim));
    EXPECT_EQ(shown.signature, credential.signature);
  }
  EXPECT_REFUSED("disclosure.missing", presentCredential(credential, {IdentityClaim::Sex}));
}

TEST_F(CredentialTest, DoesNotIssueClaimsOutOfRange) {
  using Claims = CredentialClaims;
  void (*const faults[])(Claims&) = {
      [](Claims& c) { c.issuer = ""; },
      [](Claims& c) { c.issuer = "12345678901234567"; },
      [](Claims& c) { c.issuer = "hang zhou"; },
      [](Claims& c) { c.issuer = "杭州"; },
      [](Claims& c) { c.issuedAt = -1; },
      [](Claims& c) { c.issuedAt = c.expiresAt; },
      [](Claims& c) { c.expiresAt = std::int64_t{1} << 53; },
      [](Claims& c) { c.code.colour = static_cast<Colour>(4); },
      [](Claims& c) { c.code.region = "33010"; },
      [](Claims& c) { c.code.region = "33010a"; },
      [](Claims& c) { c.code.maskedName = ""; },
      [](Claims& c) { c.code.maskedName = std::string(25, 'a'); },
      [](Claims& c) { c.code.maskedName = "张\n三"; },
      [](Claims& c) { c.code.maskedName = "\xff"; },
      [](Claims& c) { c.code.maskedName = "a\u202e"; },
      [](Claims& c) { c.code.idTail = "123"; },
      [](Claims& c) { c.code.idTail = "12345"; },
      [](Claims& c) { c.code.idTail = "X123"; },
      [](Claims& c) { c.code.idTail = "123x"; },
      [](Claims& c) { c.code.statusIndex = std::uint64_t{1} << 32; },
      [](Claims& c) {
        c.code.live = LivePolicy{0, 20, 10};
      },
      [](Claims& c) {
        c.code.live = LivePolicy{61, 90, 10};
      },
      [](Claims& c) {
        c.code.live = LivePolicy{10, 9, 10};
      },
      [](Claims& c) {
        c.code.live = LivePolicy{10, 121, 10};
      },
      [](Claims& c) { c.identity[IdentityClaim::Phone] = ""; },
      [](Claims& c) { c.identity[IdentityClaim::Phone] = std::string(129, '1'); },
      [](Claims& c) { c.identity[IdentityClaim::Phone] = "1\t2"; },
  };
  int number = 0;
  for (const auto fault : faults) EXPECT_REFUSED("credential.claim-invalid", issueWith(fault)) << number++;
  EXPECT_REFUSED("time.credential-life-too-long", issueWith([](Claims& c) { ++c.expiresAt; }));
}

TEST_F(CredentialTest, DoesNotIssueWhatWouldNotFitItsSymbol) {
  auto claims = world.claims();
  claims.issuer = "abcdefghijklmnop";
  claims.code.region = "330106";
  claims.code.maskedName = "12345678901234567890测4";
  claims.code.statusIndex = 0xffffffff;
  claims.code.live = LivePolicy{60, 120, LivePolicy{}.futureSeconds};
  EXPECT_REFUSED("misuse.too-large", issue(claims));
}

TEST_F(CredentialTest, RefusesClaimsOutOfRange) {
  struct Fault {
    std::int64_t claim;
    Bytes value;
  };
  const Fault faults[] = {
      {profile::kIss, integer(330100)},
      {profile::kIss, text("")},
      {profile::kIss, text("12345678901234567")},
      {profile::kIss, text("33 0100")},
      {profile::kSub, integer(1)},
      {profile::kSub, text("AAAAAAA")},
      {profile::kSub, text("AAAAAAAAA")},
      {profile::kSub, text("AAAA+AAA")},
      {profile::kExp, text("1582329600")},
      {profile::kExp, integer(-1)},
      {profile::kExp, integer(kNow)},
      {profile::kExp, integer(std::int64_t{1} << 53)},
      {profile::kExp, fromHex("fb41d793c9cc000001")},
      {profile::kIat, fromHex("f6")},
      {profile::kIat, integer(-1)},
      {profile::kIat, integer(kNow + 2 * kMaxCredentialSeconds)},
      {profile::kCnf, fromHex("80")},
      {profile::kCnf, fromHex("a0")},
      {profile::kCnf, fromHex("a2 01 a0 03 41 00")},
      {profile::kCnf, fromHex("a1 03 41 00")},
      {profile::kCode, fromHex("80")},
      {profile::kCode, text("green")},
  };
  for (const auto& [claim, value] : faults)
    EXPECT_REFUSED("credential.claim-invalid", parseWith(claim, value)) << claim << " " << forge::hex(value);
  EXPECT_REFUSED("cose.key-shape", parseWith(profile::kCnf, fromHex("a1 01 a0")));
}

TEST_F(CredentialTest, RefusesCodeMembersOutOfRange) {
  struct Fault {
    std::int64_t member;
    Bytes value;
  };
  const Fault faults[] = {
      {1, integer(4)},
      {1, integer(-1)},
      {1, text("1")},
      {1, fromHex("f5")},
      {2, integer(330100)},
      {2, text("33010")},
      {2, text("3301000")},
      {2, text("33010X")},
      {2, text("")},
      {3, integer(1)},
      {3, text("")},
      {3, text(std::string(25, 'a'))},
      {3, text("a\nb")},
      {3, text("a\u202eb")},
      {3, text("\u200b")},
      {4, integer(1239)},
      {4, text("123")},
      {4, text("12395")},
      {4, text("12X9")},
      {4, text("123x")},
      {5, integer(-1)},
      {5, integer(0x100000000)},
      {5, text("0")},
      {6, integer(5)},
      {6, fromHex("80")},
      {6, fromHex("81 05")},
      {6, fromHex("83 05 14 0a")},
      {6, fromHex("82 00 14")},
      {6, fromHex("82 183d 183d")},
      {6, fromHex("82 0a 09")},
      {6, fromHex("82 05 1879")},
      {6, fromHex("82 05 20")},
      {6, fromHex("82 1b ffffffffffffffff 05")},
  };
  for (const auto& [member, value] : faults)
    EXPECT_REFUSED("credential.claim-invalid", parseWithCode(member, value))
        << member << " " << forge::hex(value);
}

TEST_F(CredentialTest, RefusesAnIdentityInTheClear) {
  for (const char* value : {"80", "a0", "a1 01 61 61"})
    EXPECT_REFUSED("credential.claim-unknown", parseWith(profile::kIdentity, fromHex(value))) << value;
}

TEST_F(CredentialTest, RefusesAnIdentityThatIsNotOneToEightHashes) {
  const auto parseIdentityOf = [&](const Bytes& value) {
    const auto odd = sdcwt::makeDisclosure({}, value, profile::kIdentity);
    return parse(withDisclosures({odd}, {odd}));
  };
  const auto hashes = [](std::size_t count) {
    cbor::Writer writer;
    writer.map(1).simple(sdcwt::kRedactedKeys).array(count);
    for (std::size_t i = 0; i < count; ++i) writer.bytes(Bytes(32, static_cast<std::uint8_t>(i)));
    return writer.take();
  };
  for (const std::size_t count : {1, 8}) EXPECT_TRUE(parseIdentityOf(hashes(count)).ok()) << count;
  for (const std::size_t count : {0, 9})
    EXPECT_REFUSED("disclosure.shape", parseIdentityOf(hashes(count))) << count;
  for (const char* value : {"80", "a0", "a1 01 62 6162"})
    EXPECT_REFUSED("disclosure.shape", parseIdentityOf(fromHex(value))) << value;
  EXPECT_REFUSED("credential.claim-unknown", parseIdentityOf(fromHex("a2 02 62 3031 f83b 80")));
}

TEST_F(CredentialTest, RefusesMissingAndUnknownClaims) {
  for (const auto claim : {profile::kIss, profile::kSub, profile::kExp, profile::kIat, profile::kCode})
    EXPECT_REFUSED("credential.claim-missing", parseWithout(claim)) << claim;
  for (const std::int64_t member : {1, 3, 4, 5})
    EXPECT_REFUSED("credential.claim-missing", parseWith(profile::kCode, code().erase(member).encode()))
        << member;
  EXPECT_REFUSED("credential.claim-unknown", parseWith(profile::kAud, text("*")));
  EXPECT_REFUSED("credential.claim-unknown", parseWith(5, integer(kNow)));
  EXPECT_REFUSED("credential.claim-unknown", parseWithCode(7, integer(0)));
  EXPECT_REFUSED("credential.claim-unknown",
                 parse(token.withPayload(token.payloadMap().setRaw(text("iss"), text("330100")))));
}

TEST_F(CredentialTest, RefusesOtherShapesOfTheToken) {
  EXPECT_REFUSED("cbor.truncated", parseCredential({}));
  EXPECT_REFUSED("cose.shape", parseCredential(fromHex("80")));
  EXPECT_REFUSED("cose.shape", parse(token.withSignature(Bytes(63))));
  EXPECT_REFUSED("cose.shape", parse(token.withSignature({})));
  auto scalar = token;
  scalar.payload = integer(1);
  EXPECT_REFUSED("credential.shape", parse(scalar));
  EXPECT_REFUSED("cose.header-unknown", parse(token.withUnprotected(fromHex("a1 04 4131"))));
  EXPECT_REFUSED("cose.type-wrong", parse(token.withHeader(token.headerMap().set(16, integer(294)))));
  EXPECT_REFUSED("cose.algorithm-unsupported",
                 parse(token.withHeader(token.headerMap().set(1, integer(-7)))));
}

TEST_F(CredentialTest, RefusesMoreThanOneHashAtTheTop) {
  const auto claim = sdcwt::makeDisclosure({}, text("x"), 1);
  EXPECT_REFUSED("credential.shape", parse(withDisclosures({claim, token.payload}, {claim})));
  EXPECT_REFUSED("credential.shape", parse(withDisclosures({}, {claim})));
  EXPECT_REFUSED("disclosure.duplicate", parse(withDisclosures({claim}, {claim})));
}

TEST_F(CredentialTest, RefusesIdentityMembersOutOfRange) {
  EXPECT_EQ(parseWithMember(integer(1), text("张小三"))->identity.at(IdentityClaim::FullName), "张小三");
  EXPECT_REFUSED("credential.claim-unknown", parseWithMember(integer(0), text("x")));
  EXPECT_REFUSED("credential.claim-unknown", parseWithMember(integer(9), text("x")));
  EXPECT_REFUSED("credential.claim-unknown", parseWithMember(text("1"), text("x")));
  EXPECT_REFUSED("credential.claim-invalid", parseWithMember(integer(1), integer(1)));
  EXPECT_REFUSED("credential.claim-invalid", parseWithMember(integer(1), text("")));
  EXPECT_REFUSED("credential.claim-invalid", parseWithMember(integer(1), text(std::string(129, 'a'))));
  EXPECT_REFUSED("credential.claim-invalid", parseWithMember(integer(1), text("a\u0085")));
}

TEST_F(CredentialTest, RefusesEveryTruncation) {
  const auto encoded = token.encode();
  for (std::size_t size = 0; size < encoded.size(); ++size)
    ASSERT_REFUSED("cbor.truncated", parseCredential(ByteView(encoded).first(size))) << size;
}

/// What the resident's wallet does with a credential that arrives.
TEST_F(CredentialTest, IsCheckedWhenItArrives) {
  const auto trust = world.trust();
  const auto credential = world.credential();
  const auto device = world.device.publicKey();
  EXPECT_REFUSED("ok", checkCredential(credential, trust, device, kNow + 60));
  EXPECT_REFUSED("key.mismatch", checkCredential(credential, trust, makeKey(50).publicKey(), kNow + 60));
  EXPECT_REFUSED("time.credential-expired",
                 checkCredential(credential, trust, device, kNow + kMaxCredentialSeconds));
  EXPECT_REFUSED("time.credential-not-yet", checkCredential(credential, trust, device, kNow - 11));
  EXPECT_REFUSED("trust.expired", checkCredential(credential, trust, device, trust->expiresAt));
  const auto unbound = token.withPayload(token.payloadMap().erase(profile::kCnf)).signedBy(world.issuer);
  EXPECT_REFUSED("holder.key-missing", checkCredential(parse(unbound).value(), trust, device, kNow + 60));
  const auto altered = token.withPayload(token.payloadMap().set(profile::kSub, text("AAAAAAAA")));
  EXPECT_REFUSED("issuer.signature-bad", checkCredential(parse(altered).value(), trust, device, kNow + 60));
}

}  // namespace
}  // namespace liangma::test
