// SPDX-License-Identifier: Apache-2.0
// The JSON side of the core's types. Each reader is strict: a member that it does not know, or of the wrong
// type or range, throws a Failure (bad data) whose message names it.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/json_reader.h"
#include "liangma/credential.h"
#include "liangma/trust_list.h"
#include "liangma/verify.h"

namespace liangma::tools {

/// What is written: members keep the order in which they were added.
using OrderedJson = nlohmann::ordered_json;

/// One line without a line feed. Bytes that are not UTF-8 become U+FFFD.
std::string jsonLine(const OrderedJson& value);
/// Indented by two, with a line feed at the end.
std::string jsonPage(const OrderedJson& value);

// --- keys: JSON Web Keys, `{"kty":"OKP","crv":"Ed25519","x":…,"d":…}` (RFC 8037) ---

/// Holds a secret: wipe() it.
std::string keyFileText(const SigningKey& key, bool sealed = false);
std::string keyFileText(const SealingKey& key, bool sealed = false);

/// @param source  the file's name, for messages
SigningKey signingKeyFromText(std::string_view text, const std::string& source);
SealingKey sealingKeyFromText(std::string_view text, const std::string& source);

// --- claims.json: what an issuer states of one person ---

struct PersonClaims {
  CodeClaims code;
  Identity identity;
};

/// Reads `{"colour", "region"?, "name" | "maskedName", "idTail"?, "statusIndex"?, "live"?, "identity"?}`.
///
/// The name is masked here, taken from `identity.fullName` where it is absent, and so is the tail from
/// `identity.idNumber`, whose check character has to be right unless `identity.idType` says that it is
/// another document.
PersonClaims personClaimsFromJson(const Json& json, const std::string& source);

/// Reads the member "identity"; absent: an empty one.
Identity readIdentity(ObjectReader& reader);
OrderedJson identityToJson(const Identity& identity);

/// Reads "fullName,idNumber"; empty: none.
///
/// @throws Failure  cli.usage: a name is not that of an identity claim
std::set<IdentityClaim> identityClaimsFromList(const std::string& list, const std::string& option);
/// The ids, in the order of their numbers.
std::vector<std::string> identityClaimIds(const std::set<IdentityClaim>& claims);

// --- trust lists ---

/// What a trust.json holds: the roots this verifier pins, the newest version it accepted, the list itself.
struct TrustFile {
  std::vector<PublicKey> roots;
  std::uint64_t version = 0;
  Bytes list;
};

TrustFile trustFileFromText(std::string_view text, const std::string& source);
std::string trustFileText(const TrustFile& trust);

/// Reads a trust list's content; its members are named as the fields of TrustContent and its parts.
///
/// `issuedAt`, `expiresAt` and `roots` may be absent, and are then 0 and none.
TrustContent trustContentFromJson(const Json& json, const std::string& source);
/// Reads `{"recognitions": […]}`, as in a trust list's content.
std::vector<Recognition> recognitionsFromJson(const Json& json, const std::string& source);
OrderedJson trustContentToJson(const TrustContent& content);

// --- verdicts ---

/// `{"verdict", "reason", "advice", "assurance", "colour", "region", "name", "idTail", "issuer", "expiresAt",
/// "ageSeconds", "identity"}`: all of them always, null where there is nothing to say.
OrderedJson verdictToJson(const Verdict& verdict);

}  // namespace liangma::tools
