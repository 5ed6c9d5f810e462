// SPDX-License-Identifier: Apache-2.0
//
// Stripped, swapped and forged parts of a code, each refused with its id.
#include "cose.h"
#include "fixture.h"
#include "profile.h"
#include "refusal.h"
#include "sd_cwt.h"
#include "vectorgen/forge.h"

namespace liangma::test {
namespace {

using forge::credentialOf;
using forge::fromHex;
using forge::integer;
using forge::text;
using forge::Token;
using forge::withCredential;

class AttackTest : public testing::Test {
 protected:
  /// A second resident, as good as the first.
  Token otherLive() const {
    auto claims = world.claims();
    claims.deviceKey = thief.publicKey();
    claims.code.maskedName = "李*";
    claims.code.idTail = "002X";
    claims.code.colour = Colour::Green;
    const auto credential = parseCredential(world.issue(claims, 21)).value();
    return Token::readText(makeLiveCode(credential, thief, kNow + 60).value());
  }

  Verdict show(const Token& token) const { return show(token.asText(kLivePrefix)); }
  Verdict show(std::string_view code) const { return verify(code, {trust, kNow + 62}); }
  Verdict answerTo(const Challenge& challenge, const Token& token) const {
    VerifyContext context{trust, kNow + 62};
    context.challenge = &challenge;
    return verify(token.asText(kLivePrefix), context);
  }
  /// The live code with its credential's payload changed, and everything signed anew by whoever is named.
  Token withClaims(const forge::Map& payload, const SigningKey& issuer, const SigningKey& holder) const {
    return withCredential(live, credentialOf(live).withPayload(payload).signedBy(issuer)).signedBy(holder);
  }
  forge::Map claims() const { return credentialOf(live).payloadMap(); }
  Bytes confirmation(const SigningKey& key) const {
    return forge::Map().set(1, key.publicKey().coseKey()).encode();
  }

  World world;
  SigningKey thief = makeKey(66);
  TrustList trust = world.trust();
  Token live = Token::readText(world.live());
  Token answer = Token::readText(world.answer());
};

TEST_F(AttackTest, TheUntouchedCodesAreAdmitted) {
  EXPECT_EQ(summary(show(live)), "admit colour.green");
  EXPECT_EQ(summary(show(otherLive())), "admit colour.green");
  EXPECT_EQ(summary(answerTo(world.challenge(), answer)), "admit colour.green");
}

// ---- the holder's signature

TEST_F(AttackTest, RefusesACodeWithoutTheHoldersSignature) {
  EXPECT_REFUSED("holder.signature-missing", show(live.withSignature({})));
  EXPECT_REFUSED("holder.signature-missing", show(credentialOf(live)));
  EXPECT_REFUSED("holder.signature-missing", show(Token::read(world.issue(world.claims()))));
  EXPECT_REFUSED("cose.shape", show(live.withSignature(Bytes(63))));
  EXPECT_REFUSED("cose.shape", show(live.withSignature(Bytes(65))));
  EXPECT_REFUSED("holder.signature-bad", show(live.withSignature(Bytes(64))));
}

TEST_F(AttackTest, RefusesAKeyBindingWithItsLastPartCutOff) {
  const auto whole = forge::array({forge::bytes(live.header), live.unprotected, forge::bytes(live.payload),
                                   forge::bytes(live.signature)});
  const auto cut = forge::array({forge::bytes(live.header), live.unprotected, forge::bytes(live.payload)});
  const auto show18 = [&](const Bytes& parts) {
    return show("LM1:" + encodeBase45(cbor::Writer().tag(18).raw(parts).take()));
  };
  EXPECT_EQ(summary(show18(whole)), "admit colour.green");
  EXPECT_REFUSED("cose.shape", show18(cut));
  EXPECT_REFUSED("cose.shape", show("LM1:" + encodeBase45(whole)));
}

TEST_F(AttackTest, RefusesASignatureByAnotherKey) {
  EXPECT_REFUSED("holder.signature-bad", show(live.signedBy(thief)));
  EXPECT_REFUSED("holder.signature-bad", show(live.signedBy(world.issuer)));
  EXPECT_REFUSED("holder.signature-bad", show(live.withSignature(credentialOf(live).signature)));
}

TEST_F(AttackTest, RefusesATimeThatWasNotSigned) {
  const auto later = live.withPayload(live.payloadMap().set(profile::kIat, integer(kNow + 61)));
  EXPECT_REFUSED("holder.signature-bad", show(later));
  EXPECT_EQ(summary(show(later.signedBy(world.device))), "admit colour.green");
}

// ---- parts of two codes

TEST_F(AttackTest, RefusesTheCredentialOfAnotherPerson) {
  const auto other = otherLive();
  EXPECT_REFUSED("holder.signature-bad", show(withCredential(live, credentialOf(other))));
  EXPECT_REFUSED("holder.signature-bad",
                 show(withCredential(live, credentialOf(other)).signedBy(world.device)));
  EXPECT_REFUSED("holder.signature-bad", show(withCredential(other, credentialOf(live)).signedBy(thief)));
}

TEST_F(AttackTest, RefusesTheKeyBindingOfAnotherCredential) {
  const auto other = otherLive();
  EXPECT_REFUSED("holder.signature-bad", show(live.withSignature(other.signature)));
  EXPECT_REFUSED("holder.signature-bad",
                 show(Token{live.header, live.unprotected, other.payload, other.signature}));
  const auto renewed = parseCredential(world.issue(world.claims(), 22)).value();
  const auto second = Token::readText(makeLiveCode(renewed, world.device, kNow + 60).value());
  EXPECT_REFUSED("holder.signature-bad", show(live.withSignature(second.signature)));
  EXPECT_REFUSED("holder.signature-bad", show(withCredential(live, credentialOf(second))));
}

TEST_F(AttackTest, RefusesClaimsAndSignaturesOfTwoCredentials) {
  const auto mine = credentialOf(live), other = credentialOf(otherLive());
  EXPECT_REFUSED("issuer.signature-bad", show(withCredential(live, mine.withSignature(other.signature))));
  EXPECT_REFUSED("issuer.signature-bad",
                 show(withCredential(live, mine.withPayload(other.payloadMap())).signedBy(thief)));
}

// ---- the device key in the credential

TEST_F(AttackTest, RefusesACredentialThatBindsNoKey) {
  auto payload = claims();
  payload.erase(profile::kCnf);
  EXPECT_REFUSED("holder.key-missing", show(withClaims(payload, world.issuer, world.device)));
  EXPECT_REFUSED("issuer.signature-bad", show(withClaims(payload, thief, world.device)));
  EXPECT_REFUSED("holder.signature-missing",
                 show(withClaims(payload, world.issuer, world.device).withSignature({})));
}

TEST_F(AttackTest, RefusesAnExchangedKey) {
  auto payload = claims();
  payload.set(profile::kCnf, confirmation(thief));
  const auto stolen = withCredential(live, credentialOf(live).withPayload(payload)).signedBy(thief);
  EXPECT_REFUSED("issuer.signature-bad", show(stolen));
}

TEST_F(AttackTest, RefusesWeakDeviceKeysThatSignAnything) {
  // Points of small order: the neutral element, the point of order 2, and one of order 4.
  for (const char* point : {"0100000000000000000000000000000000000000000000000000000000000000",
                            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "0000000000000000000000000000000000000000000000000000000000000000"}) {
    const auto key = forge::Map()
                         .set(1, forge::Map()
                                     .set(1, integer(1))
                                     .set(-1, integer(6))
                                     .set(-2, forge::bytes(fromHex(point)))
                                     .encode())
                         .encode();
    auto payload = claims();
    payload.set(profile::kCnf, key);
    Bytes neutral(64);
    neutral[0] = 1;  // R is the neutral element and S is 0
    EXPECT_REFUSED("holder.signature-bad",
                   show(withClaims(payload, world.issuer, world.device).withSignature(neutral)))
        << point;
  }
}

// ---- the issuer

TEST_F(AttackTest, RefusesForgedClaims) {
  auto payload = claims();
  payload.set(profile::kCode, forge::Map::read(payload.at(profile::kCode)).set(1, integer(0)).encode());
  EXPECT_REFUSED("issuer.signature-bad", show(withClaims(payload, world.device, world.device)));
  EXPECT_REFUSED("issuer.signature-bad", show(withClaims(payload, world.hospital, world.device)));
}

TEST_F(AttackTest, RefusesIssuersThatTheListDoesNotName) {
  auto payload = claims();
  payload.set(profile::kIss, text("110000"));
  EXPECT_REFUSED("issuer.unknown", show(withClaims(payload, world.issuer, world.device)));
  const auto header = credentialOf(live).headerMap().set(4, forge::bytes(thief.publicKey().keyId8()));
  const auto credential = credentialOf(live).withHeader(header).signedBy(thief);
  EXPECT_REFUSED("issuer.key-unknown", show(withCredential(live, credential).signedBy(world.device)));
}

TEST_F(AttackTest, RefusesARegionThatTheIssuerMayNotSpeakFor) {
  const auto withRegion = [&](std::string_view region) {
    auto payload = claims();
    payload.set(profile::kCode, forge::Map::read(payload.at(profile::kCode)).set(2, text(region)).encode());
    return show(withClaims(payload, world.issuer, world.device));
  };
  EXPECT_EQ(summary(withRegion("330106")), "admit colour.green");
  EXPECT_REFUSED("issuer.region-not-allowed", withRegion("330200"));
  EXPECT_REFUSED("issuer.region-not-allowed", withRegion("330000"));
}

// ---- other kinds of token

TEST_F(AttackTest, RefusesAPaperCodeAsALiveCode) {
  const auto random = noise(6);
  Entropy entropy(random);
  auto code = world.claims().code;
  const auto paper = makePaperCode({"330100", kNow, kNow + 600, code}, world.issuer, entropy).value();
  const auto token = Token::readText(paper);
  EXPECT_REFUSED("format.wrong-kind", show(token));
  EXPECT_REFUSED("cose.type-wrong", show(withCredential(live, token).signedBy(world.device)));
}

TEST_F(AttackTest, RefusesALiveCodeAsPaper) {
  EXPECT_REFUSED("cose.type-wrong", show(live.asText(kPaperPrefix)));
  EXPECT_REFUSED("cose.type-wrong", show(credentialOf(live).asText(kPaperPrefix)));
}

TEST_F(AttackTest, RefusesTokensThatDoNotShowAColour) {
  const auto request = Token::readText(world.request());
  EXPECT_REFUSED("cose.type-wrong", show(request));
  EXPECT_REFUSED("format.wrong-kind", show(request.asText(kRequestPrefix)));
  EXPECT_REFUSED("cose.type-wrong",
                 show(Token::read(*makeKeyProof(world.device, "330100", noise(16), kNow + 60))));
  EXPECT_REFUSED("cose.shape", show("LM1:" + encodeBase45(world.signedTrust(world.content()))));
}

// ---- the audience and the nonce

TEST_F(AttackTest, RefusesAnOpenCodeAsAnAnswerAndAnAnswerAsAnOpenCode) {
  EXPECT_REFUSED("audience.mismatch", answerTo(world.challenge(), live));
  EXPECT_REFUSED("audience.mismatch", show(answer));
}

TEST_F(AttackTest, RefusesAnAnswerToSomebodyElse) {
  auto challenge = world.challenge();
  challenge.verifier = "hz-second";
  EXPECT_REFUSED("audience.mismatch", answerTo(challenge, answer));
}

TEST_F(AttackTest, RefusesAnotherNonceAndNone) {
  auto challenge = world.challenge();
  challenge.nonce = noise(16, 31);
  EXPECT_REFUSED("nonce.mismatch", answerTo(challenge, answer));
  challenge.nonce = {};
  EXPECT_REFUSED("nonce.mismatch", answerTo(challenge, answer));
  auto without = answer.payloadMap();
  without.erase(profile::kNonce);
  EXPECT_REFUSED("nonce.missing",
                 answerTo(world.challenge(), answer.withPayload(without).signedBy(world.device)));
  EXPECT_REFUSED("holder.signature-bad", answerTo(world.challenge(), answer.withPayload(without)));
}

TEST_F(AttackTest, RefusesANonceInAnOpenCode) {
  const auto payload = live.payloadMap().set(profile::kNonce, forge::bytes(noise(16)));
  EXPECT_REFUSED("audience.mismatch", show(live.withPayload(payload).signedBy(world.device)));
}

// ---- the disclosures

class DisclosureAttackTest : public AttackTest {
 protected:
  std::vector<Bytes> disclosures() const {
    return parseCredential(credentialOf(answer).encode())->disclosures;
  }
  /// The answer with these disclosures, signed anew by the device, as a dishonest wallet can.
  Verdict answerWith(const std::vector<Bytes>& chosen) const {
    cbor::Writer writer;
    writer.map(1).integer(cose::kHeaderSdClaims).array(chosen.size());
    for (const auto& disclosure : chosen) writer.bytes(disclosure);
    const auto credential = credentialOf(answer).withUnprotected(writer.take());
    return answerTo(world.challenge(), withCredential(answer, credential).signedBy(world.device));
  }
};

TEST_F(DisclosureAttackTest, RefusesDisclosuresTakenAway) {
  auto fewer = disclosures();
  fewer.pop_back();
  EXPECT_REFUSED("disclosure.missing", answerWith(fewer));
  EXPECT_REFUSED("disclosure.missing", answerWith({disclosures().front()}));
  EXPECT_REFUSED("disclosure.shape", answerWith({}));
  auto orphans = disclosures();
  orphans.erase(orphans.begin());
  EXPECT_REFUSED("disclosure.unmatched", answerWith(orphans));
  const auto bare = withCredential(answer, credentialOf(answer).withUnprotected({0xa0}));
  EXPECT_REFUSED("disclosure.missing", answerTo(world.challenge(), bare.signedBy(world.device)));
}

TEST_F(DisclosureAttackTest, RefusesDisclosuresAdded) {
  auto more = world.credential().disclosures;
  EXPECT_EQ(more.size(), disclosures().size() + 1);
  EXPECT_REFUSED("disclosure.unasked", answerWith(more));
  more = disclosures();
  more.push_back(sdcwt::makeDisclosure({}, text("李四"), 1));
  EXPECT_REFUSED("disclosure.unmatched", answerWith(more));
  more.back() = more[1];
  EXPECT_REFUSED("disclosure.duplicate", answerWith(more));

  auto challenge = world.challenge();
  challenge.wanted.clear();
  const auto bare = withCredential(answer, credentialOf(answer).withUnprotected({0xa0}));
  EXPECT_REFUSED("admit", answerTo(challenge, bare.signedBy(world.device)));
  cbor::Writer writer;
  writer.map(1).integer(cose::kHeaderSdClaims).array(1).bytes(disclosures().front());
  const auto own = withCredential(answer, credentialOf(answer).withUnprotected(writer.take()));
  EXPECT_REFUSED("disclosure.unasked", answerTo(challenge, own.signedBy(world.device)));
}

TEST_F(DisclosureAttackTest, RefusesDisclosuresOfAnotherPerson) {
  auto claims = world.claims();
  claims.identity[IdentityClaim::FullName] = "李四";
  const auto other = parseCredential(world.issue(claims, 23)).value();
  for (std::size_t i = 0; i < disclosures().size(); ++i) {
    auto swapped = disclosures();
    swapped[i] = other.disclosures[i];
    EXPECT_REFUSED("disclosure.unmatched", answerWith(swapped)) << i;
  }
  EXPECT_REFUSED("disclosure.unmatched", answerWith(other.disclosures));
}

TEST_F(DisclosureAttackTest, RefusesAnIdentityInAnOpenCode) {
  const auto credential = Token::read(*presentCredential(world.credential(), {IdentityClaim::Phone}));
  EXPECT_REFUSED("disclosure.unasked", show(withCredential(live, credential).signedBy(world.device)));
}

TEST_F(DisclosureAttackTest, NoBitOfAnAnswerCanBeChanged) {
  const auto token = answer.encode();
  const auto challenge = world.challenge();
  VerifyContext context{trust, kNow + 62};
  context.challenge = &challenge;
  for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
    auto flipped = token;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    const auto verdict = verify("LM1:" + encodeBase45(flipped), context);
    ASSERT_EQ(verdict.decision, Decision::Refuse) << "bit " << bit;
    ASSERT_FALSE(verdict.code.has_value()) << "bit " << bit;
  }
}

}  // namespace
}  // namespace liangma::test
