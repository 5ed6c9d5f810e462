// SPDX-License-Identifier: Apache-2.0
#include "vectorgen/forge.h"
#include "vectorgen/vectors.h"
#include "vectorgen/world.h"

namespace liangma::vectors {
namespace {

std::string seedOf(std::uint8_t fill) {
  return forge::hex(Bytes(32, fill));
}

Json codeFields(const CodeClaims& code) {
  Json fields = {{"colour", colourId(code.colour)}};
  if (code.region) fields["region"] = *code.region;
  fields["maskedName"] = code.maskedName;
  fields["idTail"] = code.idTail;
  fields["statusIndex"] = code.statusIndex;
  if (code.live)
    fields["live"] = {{"periodSeconds", code.live->periodSeconds},
                      {"windowSeconds", code.live->windowSeconds}};
  return fields;
}

Json claimFields(const CredentialClaims& claims) {
  Json identity = Json::object();
  for (const auto& [claim, value] : claims.identity) identity[std::string(identityClaimId(claim))] = value;
  return {{"issuer", claims.issuer},         {"issuedAt", claims.issuedAt},
          {"expiresAt", claims.expiresAt},   {"deviceKey", forge::hex(claims.deviceKey.raw32())},
          {"code", codeFields(claims.code)}, {"identity", identity}};
}

Json issueInput(const CredentialClaims& claims, std::size_t entropySize = 200) {
  return {{"operation", "issueCredential"},
          {"issuerSeed", seedOf(world::kIssuer)},
          {"entropy", forge::hex(world::counting(entropySize))},
          {"claims", claimFields(claims)}};
}

Json paperInput(UnixSeconds expiresAt) {
  auto claims = claimFields(world::claims());
  claims["expiresAt"] = expiresAt;
  claims.erase("deviceKey");
  claims.erase("identity");
  return {{"operation", "makePaperCode"},
          {"issuerSeed", seedOf(world::kIssuer)},
          {"entropy", forge::hex(world::counting(6))},
          {"claims", claims}};
}

template <class Change>
CredentialClaims with(Change change) {
  auto claims = world::claims();
  change(claims);
  return claims;
}

Json issued(std::string_view name, const CredentialClaims& claims) {
  return record(name, issueInput(claims), {{"credential", forge::hex(world::issue(claims))}});
}

Json refused(std::string_view name, const CredentialClaims& claims, std::string_view id) {
  return refusal(name, issueInput(claims), id);
}

}  // namespace

File issuerVectors() {
  using Claims = CredentialClaims;
  const auto day = kMaxCredentialSeconds;
  auto constant = issueInput(world::claims());
  constant["entropy"] = forge::hex(Bytes(200, 7));
  const Json records = {
      issued("usual", world::claims()),
      issued("no-identity", with([](Claims& c) { c.identity.clear(); })),
      issued("region-and-policy", with([](Claims& c) {
               c.code.colour = Colour::Red;
               c.code.region = "330106";
               c.code.maskedName = "A*n";
               c.code.idTail = "002X";
               c.code.live = LivePolicy{10, 30, LivePolicy{}.futureSeconds};
             })),
      refused("issuer-empty", with([](Claims& c) { c.issuer = ""; }), "credential.claim-invalid"),
      refused("region-of-letters", with([](Claims& c) { c.code.region = "hangzh"; }),
              "credential.claim-invalid"),
      refused("name-with-tab", with([](Claims& c) { c.code.maskedName = "a\tb"; }),
              "credential.claim-invalid"),
      refused("identity-empty-text", with([](Claims& c) { c.identity[IdentityClaim::Sex] = ""; }),
              "credential.claim-invalid"),
      refused("lives-a-day-and-a-second", with([&](Claims& c) { c.expiresAt = c.issuedAt + day + 1; }),
              "time.credential-life-too-long"),
      refused("too-large-for-its-symbol", with([](Claims& c) {
                c.issuer = "abcdefghijklmnop";
                c.code.region = "330106";
                c.code.maskedName = "abcdefghijklmnopqrstuvwx";
                c.code.live = LivePolicy{60, 120, LivePolicy{}.futureSeconds};
              }),
              "misuse.too-large"),
      refusal("entropy-short", issueInput(world::claims(), 69), "misuse.entropy-missing"),
      refusal("entropy-constant", constant, "misuse.entropy-missing"),
      record("paper", paperInput(world::kNow + 7 * day), {{"text", world::paper()}}),
      refusal("paper-15-days", paperInput(world::kNow + 15 * day), "time.credential-life-too-long"),
      refusal("paper-expired-when-issued", paperInput(world::kNow), "credential.claim-invalid"),
  };
  return {"issuer",
          {{"about", "what an issuer signs; the same bytes for the same entropy (SPEC.md 4, 8)"},
           {"operation", "each record's input names it"},
           {"input",
            {{"issuerSeed", "Ed25519 private key (RFC 8032), hex"},
             {"entropy", "hex; used from the front"},
             {"claims", "what to state"}}},
           {"expected",
            {{"credential", "SD-CWT, hex"}, {"text", "LMP1: …"}, {"error", "the id, in place of all that"}}},
           {"records", records}}};
}

namespace {

Json liveInput(UnixSeconds now, std::uint8_t device = world::kDevice) {
  return {{"operation", "makeLiveCode"},
          {"credential", forge::hex(world::issue(world::claims()))},
          {"deviceSeed", seedOf(device)},
          {"now", now},
          {"clockConfirmed", true}};
}

Json answerInput(UnixSeconds now, std::initializer_list<const char*> agreed) {
  Json names = Json::array();
  for (const auto* name : agreed) names.push_back(name);
  return {{"operation", "makeAnswer"},
          {"credential", forge::hex(world::issue(world::claims()))},
          {"deviceSeed", seedOf(world::kDevice)},
          {"request", world::request()},
          {"trust", forge::hex(world::signTrust(world::trustContent()))},
          {"agreed", names},
          {"now", now}};
}

Json sealInput(std::string_view answer, const ByteArray<32>& key32, std::size_t entropySize = 32) {
  return {{"operation", "sealAnswer"},
          {"text", answer},
          {"sealingKey", forge::hex(key32)},
          {"entropy", forge::hex(world::counting(entropySize, 0x80))}};
}

Json proofInput(std::string_view audience) {
  return {{"operation", "makeKeyProof"},
          {"deviceSeed", seedOf(world::kDevice)},
          {"audience", audience},
          {"nonce", forge::hex(Bytes(16, 0x15))},
          {"now", world::kNow}};
}

}  // namespace

File holderVectors() {
  const auto key32 = world::sealingKey(world::kSealing).public32();
  const auto unconfirmedText = makeLiveCode(world::credential(), world::signingKey(world::kDevice),
                                            world::kNow + 60, ClockTrust::Unconfirmed)
                                   .value();
  auto unconfirmed = liveInput(world::kNow + 60);
  unconfirmed["clockConfirmed"] = false;
  const auto answerTime = world::kNow + 60;
  const Json records = {
      record("live", liveInput(world::kNow + 60), {{"text", world::live()}}),
      record("live-clock-never-confirmed", unconfirmed, {{"text", unconfirmedText}}),
      refusal("live-before-issued", liveInput(world::kNow - 1), "time.credential-not-yet"),
      refusal("live-after-expiry", liveInput(world::claims().expiresAt), "time.credential-expired"),
      refusal("live-with-another-key", liveInput(world::kNow + 60, world::kRogue), "key.mismatch"),
      record("answer", answerInput(answerTime, {"fullName", "idNumber", "phone"}),
             {{"text", world::answer()}}),
      refusal("answer-agreed-to-less", answerInput(answerTime, {"fullName"}), "disclosure.missing"),
      refusal("answer-agreed-to-more", answerInput(answerTime, {"fullName", "idNumber", "phone", "sex"}),
              "disclosure.unasked"),
      refusal("answer-too-late", answerInput(world::kNow + 110, {"fullName", "idNumber", "phone"}),
              "time.request-expired"),
      record("sealed", sealInput(world::answer(), key32), {{"text", world::sealedAnswer()}}),
      refusal("sealed-without-entropy", sealInput(world::answer(), key32, 31), "misuse.entropy-missing"),
      refusal("sealed-to-no-key", sealInput(world::answer(), {}), "key.invalid"),
      record("key-proof", proofInput("330100"), {{"proof", forge::hex(world::keyProof())}}),
      refusal("key-proof-to-nobody", proofInput(""), "misuse.argument"),
  };
  return {
      "holder",
      {{"about", "what a wallet signs and seals (SPEC.md 4.4, 5, 7)"},
       {"operation", "each record's input names it"},
       {"input",
        {{"credential", "SD-CWT, hex"},
         {"deviceSeed", "Ed25519 private key (RFC 8032), hex"},
         {"clockConfirmed", "false: the phone never compared its clock with a server's"},
         {"request", "LMR1: …; opened with trust 10 s earlier than now"},
         {"agreed", "names of identity members"},
         {"sealingKey", "the verifier's X25519 public key, hex"},
         {"now", "Unix seconds"}}},
       {"expected", {{"text", "the text"}, {"proof", "CWT, hex"}, {"error", "the id, in place of all that"}}},
       {"records", records}}};
}

}  // namespace liangma::vectors
