// SPDX-License-Identifier: Apache-2.0
//
// The draft's own tokens: every disclosure finds its hash; then their algorithms are refused.
#include "cose.h"
#include "crypto/crypto.h"
#include "key_binding.h"
#include "outside.h"
#include "sd_cwt.h"

namespace liangma::outside {
namespace {

using cbor::Item;

/// An issuer-signed token taken apart, as a key binding token encloses it or alone.
struct Issued {
  Bytes payload;
  std::vector<Bytes> disclosures;

  Result<Bytes> resolve() const { return resolve(disclosures); }
  Result<Bytes> resolve(const std::vector<Bytes>& given) const {
    const auto document = cbor::decode(payload).value();
    return sdcwt::resolveClaims(document.root(), given);
  }
};

Issued readIssued(const Bytes& encoded) {
  const auto document = cbor::decode(encoded).value();
  const auto sign1 = cose::parseSign1(document.root()).value();
  const auto header = cbor::decode(sign1.protectedHeader).value();
  if (const auto inner = header.root().find(cose::kHeaderKcwt))
    return readIssued(Bytes(inner->encoded().begin(), inner->encoded().end()));
  return {Bytes(sign1.payload.begin(), sign1.payload.end()),
          sdcwt::readDisclosures(sign1.unprotected).value()};
}

struct SdCwtDraft : OutsideTest {
  SdCwtDraft() : OutsideTest("sd-cwt") {}
  Issued issued(const char* file) const { return readIssued(readBytes(root / file)); }
};

constexpr const char* kTokens[] = {"decoy.cbor",      "issuer_cwt.cbor",        "kbt.cbor",
                                   "nested_cwt.cbor", "nested_issuer_cwt.cbor", "nested_kbt.cbor"};

TEST_F(SdCwtDraft, EveryDisclosureFindsItsHash) {
  for (const auto* file : kTokens) {
    const auto token = issued(file);
    ASSERT_FALSE(token.disclosures.empty()) << file;
    const auto resolved = token.resolve();
    ASSERT_TRUE(resolved.ok()) << file << " " << errcId(resolved.code());
    EXPECT_TRUE(cbor::decode(*resolved).ok()) << file;
    count("tokens, every hash validated");
    for (std::size_t i = 0; i < token.disclosures.size(); ++i) {
      auto altered = token.disclosures;
      altered[i][2] ^= 1;  // in the salt
      EXPECT_EQ(errcId(token.resolve(altered).code()), "disclosure.unmatched") << file << " " << i;
      auto repeated = token.disclosures;
      repeated.push_back(repeated[i]);
      EXPECT_EQ(errcId(token.resolve(repeated).code()), "disclosure.duplicate") << file << " " << i;
      count("disclosures, altered and repeated: refused");
    }
    EXPECT_TRUE(token.resolve({}).ok()) << file;
  }
}

TEST_F(SdCwtDraft, ChosenDisclosuresAppearInTheClaims) {
  const auto resolved = issued("kbt.cbor").resolve().value();
  const auto claims = cbor::decode(resolved).value();
  EXPECT_EQ(claims.root().find(501)->text(), "ABCD-123456");
  EXPECT_EQ(claims.root().find(502)->count(), 2u);
  EXPECT_EQ(claims.root().find(502)->at(0).integer(), 1549560720);
  EXPECT_EQ(claims.root().find(503)->count(), 2u);
}

TEST_F(SdCwtDraft, AllDisclosuresAppearInTheIssuersToken) {
  const auto resolved = issued("issuer_cwt.cbor").resolve().value();
  const auto claims = cbor::decode(resolved).value();
  EXPECT_EQ(claims.root().find(502)->count(), 3u);
  EXPECT_EQ(claims.root().find(503)->count(), 3u);
}

TEST_F(SdCwtDraft, DecoysDiscloseNothing) {
  const auto resolved = issued("decoy.cbor").resolve().value();
  const auto claims = cbor::decode(resolved).value();
  EXPECT_TRUE(claims.root().find(500)->isSimple(21));
  EXPECT_EQ(claims.root().find(98)->count(), 1u);
  EXPECT_EQ(claims.root().find(98)->at(0).text(), "fr");
}

TEST_F(SdCwtDraft, HashesAreOfTheDisclosureInsideAByteString) {
  const auto disclosure = readBytes(root / "first-disclosure.cborseq");
  // The file beside it hashes the disclosure bare; the tokens, which count, hash it wrapped.
  EXPECT_EQ(forge::hex(crypto::sha256(disclosure)), readFile(root / "first-blinded-hash.txt"));
  const auto hash32 = sdcwt::blindedHash32(disclosure);
  const auto payload = issued("kbt.cbor").payload;
  EXPECT_NE(std::search(payload.begin(), payload.end(), hash32.begin(), hash32.end()), payload.end());
}

TEST_F(SdCwtDraft, TheirAlgorithmsAreRefused) {
  for (const auto* file : kTokens) {
    const auto encoded = readBytes(root / file);
    const bool isKeyBinding = std::string_view(file).ends_with("kbt.cbor");
    EXPECT_EQ(errcId(parseCredential(encoded).code()), "cose.algorithm-unsupported") << file;
    EXPECT_EQ(errcId(parseKeyBinding(encoded).code()),
              isKeyBinding ? "cose.algorithm-unsupported" : "holder.signature-missing")
        << file;
    count("tokens, algorithm refused");
  }
}

}  // namespace
}  // namespace liangma::outside
