// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/inputs.h"
#include "cli/system_entropy.h"
#include "cli/text_codec.h"

namespace liangma::tools {
namespace {

struct IssueOptions {
  CommonOptions common;
  std::string key;
  std::string issuer;
  std::string device;
  std::string claims;
  std::optional<UnixSeconds> ttl;
  std::string out = "-";
};

constexpr const char* kFooter = R"(claims.json:
  {"colour": "pending" | "green" | "yellow" | "red",
   "region": "330110",            left out where --iss is the region
   "name": "…" | "maskedName": "…",  a name is masked here; default: identity.fullName
   "idTail": "123X",              default: the end of identity.idNumber
   "statusIndex": 0,
   "live": {"periodSeconds": 5, "windowSeconds": 20},
   "identity": {"fullName": "…", "idType": "resident", "idNumber": "…", "phone": "…", "birthDate": "…",
                "sex": "…", "insuredRegion": "…", "cardNumber": "…"}}
Only the colour, a name and a tail are needed. A resident's ID number must have the right check character.
Each member of the identity is redacted on its own: the phone shows none of them unless the resident agrees.

The output is the credential itself, an SD-CWT in CBOR; it goes to the phone, which keeps it to itself.)";

CredentialClaims claimsOf(const IssueOptions& options) {
  PersonClaims person = readPersonClaims(options.claims);
  CredentialClaims claims;
  claims.issuer = options.issuer;
  claims.issuedAt = options.common.clock();
  claims.expiresAt = claims.issuedAt + options.ttl.value_or(kMaxCredentialSeconds);
  claims.deviceKey = publicKeyFromArgument(options.device, "--device");
  claims.code = std::move(person.code);
  claims.identity = std::move(person.identity);
  return claims;
}

OrderedJson summary(const IssueOptions& options, const Bytes& encoded) {
  const auto credential = need(parseCredential(encoded));
  OrderedJson json = {{"issuer", credential.issuer},
                      {"subject", credential.subject},
                      {"issuedAt", credential.issuedAt},
                      {"expiresAt", credential.expiresAt},
                      {"sizeBytes", encoded.size()}};
  if (options.out == "-") {
    json["credential"] = encodeBase64url(encoded);
  } else {
    json["file"] = options.out;
  }
  return json;
}

ExitCode issue(const IssueOptions& options) {
  const auto claims = claimsOf(options);
  const auto key = readSigningKey(options.key);
  SystemEntropy entropy(6 + 16 * (claims.identity.size() + 1));
  const Bytes credential = need(issueCredential(claims, key, entropy.get()));
  if (options.out != "-" || !options.common.json) writeOutput(options.out, asText(credential));
  if (options.common.json) printLine(jsonLine(summary(options, credential)));
  return ExitCode::Ok;
}

}  // namespace

void addIssue(const Command& app, Chosen& chosen) {
  const auto command = app.add("issue", "Sign a credential for one device");
  const auto options = command.runs(chosen, issue);
  command.file("--key", options->key, "The issuer's key");
  command.required("--iss", options->issuer, "ID", "The issuer's id, as in the trust list");
  command.required("--device", options->device, "BASE64URL", "The device's public key");
  command.required("--claims", options->claims, "FILE|-", "What the issuer states, JSON; see below");
  command.seconds("--ttl", options->ttl, "How long it lives, at most 86400 (which is the default)");
  command.optional("--out", options->out, "FILE|-",
                   "Where to write the credential, replaced if it exists; default: standard output");
  command.footer(kFooter);
}

}  // namespace liangma::tools
