// SPDX-License-Identifier: Apache-2.0
#include "cli/failure.h"
#include "cli/id_number.h"
#include "cli/json_io.h"
#include "cli/text_codec.h"

namespace liangma::tools {
namespace {

constexpr std::uint64_t kMaxStatusIndex = 0xFFFFFFFF;
/// `idType` of the resident's identity card (WS 364.3, CV02.01.101), which is also meant where it is absent.
constexpr std::string_view kResidentIdType = "01";

Colour readColour(ObjectReader& reader) {
  const auto colour = colourFromId(reader.text("colour"));
  if (!colour) reader.refuse("colour", "must be \"pending\", \"green\", \"yellow\" or \"red\"");
  return *colour;
}

std::optional<LivePolicy> readLive(ObjectReader& reader) {
  const Json* member = reader.find("live");
  if (member == nullptr) return std::nullopt;
  ObjectReader live(*member, reader.pathOf("live"));
  LivePolicy policy;
  policy.periodSeconds = static_cast<std::uint32_t>(live.integer("periodSeconds", 60));
  policy.windowSeconds = static_cast<std::uint32_t>(live.integer("windowSeconds", 120));
  live.finish();
  return policy;
}

void checkIdNumber(const Identity& identity, const std::string& path) {
  const auto number = identity.find(IdentityClaim::IdNumber);
  const auto type = identity.find(IdentityClaim::IdType);
  const bool resident = type == identity.end() || type->second == kResidentIdType;
  if (number != identity.end() && resident && !isIdNumber(number->second))
    failBadData("cli.id-number",
                path + ".idNumber: is no resident's ID number (18 characters, date, check character)");
}

std::string valueOr(const Identity& identity, IdentityClaim claim, std::string fallback) {
  const auto found = identity.find(claim);
  return found == identity.end() ? fallback : found->second;
}

std::string readMaskedName(ObjectReader& reader, const Identity& identity) {
  const auto name = reader.optionalText("name");
  const auto masked = reader.optionalText("maskedName");
  if (name && masked) reader.refuse("maskedName", "is given together with \"name\"");
  const std::string fullName = name ? *name : valueOr(identity, IdentityClaim::FullName, {});
  const std::string shown = masked ? *masked : maskName(fullName);
  if (shown.empty()) reader.refuse("name", "is missing or empty");
  return shown;
}

std::string readIdTail(ObjectReader& reader, const Identity& identity) {
  const auto tail = reader.optionalText("idTail");
  const std::string number = valueOr(identity, IdentityClaim::IdNumber, {});
  if (tail && !number.empty() && !number.ends_with(*tail))
    reader.refuse("idTail", "is not the end of the ID number");
  if (tail) return *tail;
  if (number.size() < 4) reader.refuse("idTail", "is missing, and so is an ID number to take it from");
  return number.substr(number.size() - 4);
}

}  // namespace

Identity readIdentity(ObjectReader& reader) {
  Identity identity;
  const Json* member = reader.find("identity");
  if (member == nullptr) return identity;
  ObjectReader claims(*member, reader.pathOf("identity"));
  for (const auto& [name, value] : member->items())
    if (const auto claim = identityClaimFromId(name)) identity[*claim] = claims.text(name);
  claims.finish();
  checkIdNumber(identity, reader.pathOf("identity"));
  return identity;
}

PersonClaims personClaimsFromJson(const Json& json, const std::string& source) {
  ObjectReader reader(json, source + ":");
  PersonClaims person;
  person.identity = readIdentity(reader);
  person.code.colour = readColour(reader);
  person.code.region = reader.optionalText("region");
  person.code.maskedName = readMaskedName(reader, person.identity);
  person.code.idTail = readIdTail(reader, person.identity);
  person.code.statusIndex = reader.optionalInteger("statusIndex", kMaxStatusIndex).value_or(0);
  person.code.live = readLive(reader);
  reader.finish();
  return person;
}

OrderedJson identityToJson(const Identity& identity) {
  OrderedJson json = OrderedJson::object();
  for (const auto& [claim, value] : identity) json[std::string(identityClaimId(claim))] = value;
  return json;
}

std::set<IdentityClaim> identityClaimsFromList(const std::string& list, const std::string& option) {
  std::set<IdentityClaim> claims;
  std::string_view rest = list;
  while (!rest.empty()) {
    const auto name = rest.substr(0, rest.find(','));
    const auto claim = identityClaimFromId(name);
    if (!claim)
      failUsage("cli.usage",
                option + ": " + printable(name) +
                    " is none of fullName, idType, idNumber, phone, birthDate, sex, insuredRegion, "
                    "cardNumber");
    claims.insert(*claim);
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
  }
  return claims;
}

std::vector<std::string> identityClaimIds(const std::set<IdentityClaim>& claims) {
  std::vector<std::string> ids;
  for (const auto claim : claims) ids.emplace_back(identityClaimId(claim));
  return ids;
}

}  // namespace liangma::tools
