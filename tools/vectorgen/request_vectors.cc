// SPDX-License-Identifier: Apache-2.0
#include "profile.h"
#include "vectorgen/forge.h"
#include "vectorgen/vectors.h"
#include "vectorgen/world.h"

namespace liangma::vectors {
namespace {

using forge::fromHex;
using forge::integer;
using forge::Map;
using forge::text;
using forge::Token;

class RequestFile {
 public:
  Json records() {
    records_.push_back(record("usual", input(world::request()),
                              {{"ok", true},
                               {"verifier", "hz-first"},
                               {"purpose", "registration"},
                               {"wanted", {"fullName", "idNumber", "phone"}},
                               {"nonce", forge::hex(Bytes(16, 0x15))},
                               {"answerUrl", "https://first.example/answers"}}));
    refuse("a-live-code", world::live(), "format.wrong-kind");
    refuse("a-web-address", "https://first.example/answers", "format.other-system");
    records_.push_back(
        refusal("expired", input(world::request(), world::kNow + 110), "time.request-expired"));
    records_.push_back(
        refusal("from-the-future", input(world::request(), world::kNow + 39), "time.request-future"));
    records_.push_back(refusal("trust-list-expired", input(world::request(), world::trustContent().expiresAt),
                               "trust.expired"));
    makers();
    shapes();
    return std::move(records_);
  }

 private:
  static Json input(std::string_view request, UnixSeconds now = world::kNow + 55) {
    return {{"text", request}, {"trust", forge::hex(world::signTrust(world::trustContent()))}, {"now", now}};
  }
  void refuse(std::string_view name, std::string_view request, std::string_view id) {
    records_.push_back(refusal(name, input(request), id));
  }
  void refuse(std::string_view name, const Token& token, std::string_view id) {
    refuse(name, token.asText(kRequestPrefix), id);
  }
  void refuseClaim(std::string_view name, std::int64_t claim, const Bytes& value, std::string_view id) {
    refuse(name, token_.withPayload(token_.payloadMap().set(claim, value)).signedBy(hospital_), id);
  }
  void refuseAsk(std::string_view name, std::int64_t member, const Bytes& value, std::string_view id) {
    auto ask = Map::read(token_.payloadMap().at(profile::kRequest));
    refuseClaim(name, profile::kRequest, ask.set(member, value).encode(), id);
  }

  void makers() {
    const auto rogue = world::signingKey(world::kRogue);
    const auto header = token_.headerMap().set(4, forge::bytes(rogue.publicKey().keyId8()));
    refuseClaim("maker-unknown", profile::kIss, text("rogue"), "verifier.unknown");
    refuseAsk("answer-to-a-stranger", 3, text("https://rogue.example/answers"), "verifier.unknown");
    refuse("key-unknown", token_.withHeader(header).signedBy(rogue), "verifier.key-not-in-force");
    refuse("signed-by-a-stranger", token_.signedBy(rogue), "verifier.signature-bad");
  }

  void shapes() {
    refuseClaim("lives-61-seconds", profile::kExp, integer(world::kNow + 111), "request.shape");
    refuseClaim("nonce-of-15-bytes", profile::kNonce, forge::bytes(Bytes(15)), "request.shape");
    refuseAsk("wanted-twice", 2, fromHex("820101"), "request.shape");
    refuseAsk("wanted-unknown", 2, fromHex("8109"), "request.shape");
    refuseAsk("purpose-in-capitals", 1, text("REGISTRATION"), "request.shape");
    refuse("type-of-paper", token_.withHeader(token_.headerMap().set(16, text("lmp+cwt"))),
           "cose.type-wrong");
  }

  Json records_ = Json::array();
  Token token_ = Token::readText(world::request());
  SigningKey hospital_ = world::signingKey(world::kHospital);
};

}  // namespace

File requestVectors() {
  return {
      "request",
      {{"about", "a verifier's requests, as a wallet reads them (SPEC.md 6)"},
       {"operation", "openRequest"},
       {"input",
        {{"text", "LMR1: …"},
         {"trust", "the trust list that holds, hex; it was accepted when it was issued"},
         {"now", "Unix seconds"}}},
       {"expected",
        {{"ok", "true"}, {"verifier", "and so on: what it asks"}, {"error", "the id, in place of all that"}}},
       {"records", RequestFile().records()}}};
}

File keyProofVectors() {
  const auto device = world::signingKey(world::kDevice);
  const auto token = Token::read(world::keyProof());
  const auto with = [&](std::int64_t claim, const Bytes& value) {
    return token.withPayload(token.payloadMap().set(claim, value)).signedBy(device);
  };
  const auto input = [&](const Token& proof, const Json& changes = nullptr) {
    Json fields = {{"proof", forge::hex(proof.encode())},
                   {"audience", "330100"},
                   {"nonce", forge::hex(Bytes(16, 0x15))},
                   {"now", world::kNow}};
    return withChanges(fields, changes);
  };
  auto unbound = token.payloadMap();
  unbound.erase(profile::kCnf).set(1, text("330100"));
  const Json records = {
      record("usual", input(token), {{"ok", true}, {"key", forge::hex(device.publicKey().raw32())}}),
      refusal("for-another-issuer", input(token, {{"audience", "330200"}}), "audience.mismatch"),
      refusal("other-nonce", input(token, {{"nonce", forge::hex(Bytes(16, 0x16))}}), "nonce.mismatch"),
      refusal("five-minutes-and-a-second", input(token, {{"now", world::kNow + 301}}), "time.too-old"),
      refusal("from-the-future", input(token, {{"now", world::kNow - 301}}), "time.future"),
      refusal("key-of-somebody-else",
              input(with(profile::kCnf,
                         Map().set(1, world::signingKey(world::kRogue).publicKey().coseKey()).encode())),
              "holder.signature-bad"),
      refusal("no-key", input(token.withPayload(unbound)), "holder.key-missing"),
      refusal("key-no-map", input(with(profile::kCnf, fromHex("a101a0"))), "cose.key-shape"),
      refusal("time-no-integer", input(with(profile::kIat, text("now"))), "cose.shape"),
      refusal("type-of-a-request", input(token.withHeader(token.headerMap().set(16, text("lmr+cwt")))),
              "cose.type-wrong"),
  };
  return {"key-proof",
          {{"about", "a device proves its key to an issuer (SPEC.md 4.4)"},
           {"operation", "openKeyProof"},
           {"input",
            {{"proof", "CWT, hex"},
             {"audience", "the issuer's id"},
             {"nonce", "the issuer's, hex"},
             {"now", "Unix seconds"}}},
           {"expected",
            {{"ok", "true"}, {"key", "Ed25519 public key, hex"}, {"error", "the id, in place of all that"}}},
           {"records", records}}};
}

}  // namespace liangma::vectors
