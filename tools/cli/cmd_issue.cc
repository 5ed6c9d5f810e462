// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/inputs.h"
#include "cli/issue_batch.h"
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
  std::string batch;
  std::string shard = "1/1";
  std::optional<std::uint64_t> statusFrom;
  std::optional<std::uint64_t> threads;
};

constexpr std::uint64_t kMaxThreads = 256;

constexpr const char* kFooter = R"(claims.json:
  {"colour": "pending" | "green" | "yellow" | "red",
   "region": "330110",            left out where --iss is the region
   "name": "…" | "maskedName": "…",  a name is masked here; default: identity.fullName
   "idTail": "123X",              default: the end of identity.idNumber
   "statusIndex": 0,
   "live": {"periodSeconds": 5, "windowSeconds": 20},
   "identity": {"fullName": "…", "idType": "01", "idNumber": "…", "phone": "…", "birthDate": "…",
                "sex": "…", "insuredRegion": "…", "cardNumber": "…"}}
Only the colour, a name and a tail are needed. A resident's ID number must have the right check character.
Each member of the identity is redacted on its own: the phone shows none of them unless the resident agrees.

--batch: each line of PEOPLE is as claims.json, with "device": the device's public key in base64url. The output's
first line says which batch it is, {"batch": {…}}; each of the others answers one of PEOPLE, in order: {"line": 1, "credential": "…"} or
{"line": 1, "error": "…", "message": "…"}. A run that was killed is resumed by running the same command again on the same
PEOPLE: what it had finished is kept, and nobody gets two codes.
--shard 3/8 takes the third of eight equal parts, each with an --out of its own, for as many machines.

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

std::string sentence(const std::string& out, const BatchReport& report) {
  std::string text = out + ": " + std::to_string(report.issued) + " issued";
  if (report.resumedAfter > 0)
    text += ", " + std::to_string(report.resumedAfter) + " of them by an earlier run";
  if (report.refused > 0)
    text += ", " + std::to_string(report.refused) + " refused: look for \"error\" there";
  return text;
}

ExitCode issueMany(const IssueOptions& options) {
  BatchJob job;
  if (options.out == "-") failUsage("cli.usage", "--batch: needs --out, which a later run goes on with");
  job.people = options.batch;
  job.out = options.out;
  job.issuer = options.issuer;
  job.lifeSeconds = options.ttl.value_or(kMaxCredentialSeconds);
  job.now = options.common.now;
  job.statusFrom = options.statusFrom;
  job.shard = shardFromText(options.shard);
  job.threads = static_cast<unsigned>(std::min<std::uint64_t>(options.threads.value_or(0), kMaxThreads));
  const auto report = issueBatch(job, readSigningKey(options.key));
  const OrderedJson json = {{"file", job.out},
                            {"issued", report.issued},
                            {"refused", report.refused},
                            {"resumedAfter", report.resumedAfter}};
  if (options.common.json) printLine(jsonLine(json));
  if (!options.common.json) printLine(sentence(job.out, report));
  return report.refused == 0 ? ExitCode::Ok : ExitCode::BadData;
}

ExitCode issue(const IssueOptions& options) {
  if (!options.batch.empty()) return issueMany(options);
  if (options.device.empty()) failUsage("cli.usage", "--device: is needed, or --batch");
  if (options.claims.empty()) failUsage("cli.usage", "--claims: is needed, or --batch");
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
  command.party("--iss", options->issuer, "The issuer's id, as in the trust list");
  command.optional("--device", options->device, "BASE64URL", "The device's public key");
  command.optional("--claims", options->claims, "FILE|-", "What the issuer states, JSON; see below");
  command.life("--ttl", options->ttl, kMaxCredentialSeconds,
               "How long it lives, at most 86400 (which is the default)");
  command.optional("--out", options->out, "FILE|-",
                   "Where to write the credential, replaced if it exists; default: standard output");
  command.optional("--batch", options->batch, "FILE|-", "Sign for every line of an NDJSON file; see below");
  command.optional("--shard", options->shard, "N/COUNT", "With --batch: only the n-th part of the file");
  command.number("--status-from", options->statusFrom,
                 "With --batch: the status index of the file's first line");
  command.number("--threads", options->threads, "With --batch: how many; default: one for each core");
  for (const auto* single : {"--device", "--claims"}) command.excludes("--batch", single);
  for (const auto* many : {"--shard", "--status-from", "--threads"}) command.needs(many, "--batch");
  command.footer(kFooter);
}

}  // namespace liangma::tools
