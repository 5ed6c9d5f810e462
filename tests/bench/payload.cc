// SPDX-License-Identifier: Apache-2.0
//
// Writes what the contenders in JavaScript work on, and what the core makes of it, as JSON to stdout.
#include <array>
#include <iostream>

#include <nlohmann/json.hpp>
#include <sodium.h>

#include "bench/thread.h"
#include "core/stock_qrencode.h"
#include "liangma/base45.h"
#include "liangma/qr_symbol.h"
#include "liangma/vault.h"
#include "liangma/verify.h"

namespace liangma::bench {
namespace {

using nlohmann::json;

constexpr int kTexts = 16;

std::string hex(ByteView bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();
  return text;
}

std::string sha256Hex(ByteView bytes) {
  ByteArray<32> hash32;
  crypto_hash_sha256(hash32.data(), bytes.data(), bytes.size());
  return hex(hash32);
}

json describeKey(const SigningKey& key) {
  return {{"seed", hex(key.seed32().bytes())}, {"public", hex(key.publicKey().raw32())}};
}

json describeClaims(const CredentialClaims& claims) {
  json identity = json::array();
  for (const auto& [claim, value] : claims.identity) identity.push_back({static_cast<int>(claim), value});
  return {{"issuer", claims.issuer},
          {"issuedAt", claims.issuedAt},
          {"expiresAt", claims.expiresAt},
          {"colour", static_cast<int>(claims.code.colour)},
          {"maskedName", claims.code.maskedName},
          {"idTail", claims.code.idTail},
          {"statusIndex", claims.code.statusIndex},
          {"identity", identity}};
}

json describeVerdict(const Verdict& verdict) {
  json out = {{"decision", decisionId(verdict.decision)}, {"reason", errcId(verdict.reason)}};
  if (!verdict.code) return out;
  out["assurance"] = assuranceId(verdict.assurance);
  out["ageSeconds"] = verdict.ageSeconds.value();
  out["code"] = {{"issuer", verdict.code->issuer},           {"region", verdict.code->region},
                 {"colour", colourId(verdict.code->colour)}, {"maskedName", verdict.code->maskedName},
                 {"idTail", verdict.code->idTail},           {"subject", verdict.code->subject},
                 {"expiresAt", verdict.code->expiresAt}};
  return out;
}

/// `text` with one bit of the byte at `offset` from the end of its token flipped.
std::string flipped(std::string_view text, std::size_t offsetFromEnd) {
  Bytes token = decodeBase45(text.substr(kLivePrefix.size())).value();
  token[token.size() - offsetFromEnd] ^= 1;
  return std::string(kLivePrefix) + encodeBase45(token);
}

json describeCheck(const TrustList& trust, const std::string& text, UnixSeconds now) {
  return {{"text", text}, {"now", now}, {"verdict", describeVerdict(liangma::verify(text, {trust, now}))}};
}

/// Good codes, and codes that are wrong in ways that each need another step of a verifier.
json describeChecks(const Thread& thread) {
  const auto trust = thread.trustList();
  const auto texts = liveCodes(thread, kNow, kTexts);
  constexpr std::size_t kHolderSignature = 1;  // the last byte of S
  constexpr std::size_t kIssuerSignature =
      95;  // inside the signature before the key binding's typ and payload
  json checks = json::array();
  for (const auto& text : texts) checks.push_back(describeCheck(trust, text, kNow + kTexts));
  for (const UnixSeconds now : {kNow + 21, kNow - 11, kNow - 1000, kNow + 31 * 24 * 3600})
    checks.push_back(describeCheck(trust, texts[0], now));
  checks.push_back(describeCheck(trust, flipped(texts[0], kHolderSignature), kNow));
  checks.push_back(describeCheck(trust, flipped(texts[0], kIssuerSignature), kNow));
  checks.push_back(describeCheck(trust, texts[0].substr(0, texts[0].size() - 2), kNow));
  checks.push_back(describeCheck(trust, "HC1:" + texts[0].substr(4), kNow));
  return checks;
}

/// Characters of the alphanumeric set that fill a symbol to the last.
/// @source ISO/IEC 18004, table 7
std::size_t capacity(int version, QRecLevel level) {
  std::size_t fits = 1;
  std::size_t tooMany = 4297;
  while (tooMany - fits > 1) {
    const std::size_t middle = (fits + tooMany) / 2;
    const auto modules = test::stockModules(std::string(middle, 'A'), QR_MODE_AN, level, version);
    const auto side = static_cast<std::size_t>(17 + 4 * version);
    (modules.size() == side * side ? fits : tooMany) = middle;
  }
  return fits;
}

std::string randomText(std::mt19937& random, std::size_t length) {
  std::string text(length, ' ');
  for (char& c : text) c = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"[random() % 45];
  return text;
}

/// For each version and level a full symbol and an emptier one, as stock libqrencode draws them.
json describeSymbols() {
  std::mt19937 random(18004);
  json symbols = json::array();
  for (int version = 1; version <= 40; ++version) {
    for (const QRecLevel level : {QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H}) {
      const std::size_t most = capacity(version, level);
      for (const std::size_t length : {most, 1 + random() % most}) {
        const auto text = randomText(random, length);
        const auto hash = sha256Hex(test::stockModules(text, QR_MODE_AN, level, version));
        symbols.push_back({{"version", version}, {"level", level}, {"text", text}, {"sha256", hash}});
      }
    }
  }
  return symbols;
}

json describePayload() {
  const Thread thread;
  const auto hostKey = noise(32, 5);
  const auto drawn = noise(24, 6);
  Entropy entropy(drawn);
  const auto sealed = sealWithHostKey(thread.device.seed32().bytes(), hostKey, "device-key", entropy).value();
  return {{"now", kNow},
          {"root", describeKey(thread.root)},
          {"issuer", describeKey(thread.issuer)},
          {"device", describeKey(thread.device)},
          {"deviceKeySealed", hex(sealed)},
          {"hostKey", hex(hostKey)},
          {"trustList", hex(thread.signedTrustList())},
          {"claims", describeClaims(thread.claims())},
          {"issueEntropy", hex(noise(Thread::kIssueEntropyBytes, 4))},
          {"credential", hex(thread.issue())},
          {"liveCodes", liveCodes(thread, kNow, kTexts)},
          {"checks", describeChecks(thread)},
          {"symbols", describeSymbols()}};
}

}  // namespace
}  // namespace liangma::bench

int main() {
  std::cout << liangma::bench::describePayload().dump() << '\n';
}
