// SPDX-License-Identifier: Apache-2.0
#include "server/resident_tickets.h"

#include "cli/failure.h"
#include "cli/json_io.h"
#include "server/clock.h"
#include "server/problem.h"
#include "server/random.h"

namespace liangma::server {
namespace {

constexpr std::size_t kMaxLineBytes = 16 * 1024, kMaxOrganisationBytes = 64;
constexpr UnixSeconds kDay = 24 * 3600;

/// A key that only tries out whether something can be signed.
SigningKey trialKey() {
  const Bytes random = randomBytes(32);
  Entropy entropy(random);
  return need(SigningKey::generate(entropy));
}

class TicketOffice {
 public:
  TicketOffice(Authority& authority, const TrustContent& trust, std::uint64_t days)
      : authority_(authority), trust_(trust), seconds_(static_cast<UnixSeconds>(days) * kDay) {}

  /// @throws tools::Failure  the line is not what it should be
  std::string ticketFor(std::string_view line) const {
    if (line.size() > kMaxLineBytes) tools::failBadData("cli.too-large", "the line is longer than 16 KiB");
    const auto [resident, isRenamed] = personFrom(tools::parseJson(line, "the line"));
    requireIssuer(resident);
    requireIssuable(resident);
    try {
      return authority_.registerResident(resident, seconds_, isRenamed);
    } catch (const Problem& problem) {
      if (problem.code != Authority::kIdentityDiffers) throw;
      tools::failBadData(
          problem.code,
          "the line: its ID number is on file with another name or idType; where it is the same "
          "person, add \"renamed\": true");
    }
  }

 private:
  struct Person {
    Resident resident;
    bool isRenamed = false;
  };

  static Person personFrom(const tools::Json& json) {
    tools::ObjectReader reader(json, "the line:");
    Resident resident;
    resident.identity = tools::readIdentity(reader);
    if (!resident.identity.contains(IdentityClaim::FullName) ||
        !resident.identity.contains(IdentityClaim::IdNumber))
      reader.refuse("identity", "needs a fullName and an idNumber");
    resident.region = reader.optionalText("region").value_or("");
    resident.issuer = reader.optionalText("issuer").value_or("");
    resident.organisation = reader.optionalText("organisation").value_or("");
    if (resident.organisation.size() > kMaxOrganisationBytes)
      reader.refuse("organisation", "is longer than 64 bytes");
    const bool isRenamed = reader.flag("renamed");
    reader.finish();
    return {resident, isRenamed};
  }

  /// Somebody for whom nobody could sign would be refused at every door.
  void requireIssuer(const Resident& resident) const {
    const auto id = authority_.colours().issuerOf(resident);
    const auto* issuer = authority_.signsFor(id) ? trust_.findIssuer(id) : nullptr;
    if (issuer == nullptr) tools::fail(Error{Errc::IssuerUnknown, {}}, "the line: issuer");
    if (!resident.region.empty() && !issuer->maySpeakFor(resident.region))
      tools::fail(Error{Errc::IssuerRegionNotAllowed, {}}, "the line: region");
  }

  /// What a credential cannot say is refused now, not at the resident's first try.
  void requireIssuable(const Resident& resident) const {
    const auto& number = resident.identity.at(IdentityClaim::IdNumber);
    CredentialClaims claims;
    claims.issuer = authority_.colours().issuerOf(resident);
    claims.issuedAt = unixNow();
    claims.expiresAt = claims.issuedAt + kMaxCredentialSeconds;
    claims.deviceKey = trial_.publicKey();
    if (!resident.region.empty()) claims.code.region = resident.region;
    claims.code.maskedName = maskName(resident.identity.at(IdentityClaim::FullName));
    claims.code.idTail = number.substr(number.size() - std::min<std::size_t>(number.size(), 4));
    claims.identity = resident.identity;
    const Bytes random = randomBytes(6 + 16 * (claims.identity.size() + 1));
    Entropy entropy(random);
    const auto issued = issueCredential(claims, trial_, entropy);
    if (!issued.ok()) tools::fail(issued.error(), "the line");
  }

  Authority& authority_;
  const TrustContent& trust_;
  const UnixSeconds seconds_;
  const SigningKey trial_ = trialKey();
};

}  // namespace

std::uint64_t giveTickets(Authority& authority, const TrustContent& trust, std::istream& people,
                          std::ostream& out, std::uint64_t days) {
  const TicketOffice office(authority, trust, days);
  std::uint64_t number = 0, refused = 0;
  for (std::string line; std::getline(people, line);) {
    tools::OrderedJson answer = {{"line", ++number}};
    try {
      answer["ticket"] = office.ticketFor(line);
    } catch (const tools::Failure& failure) {
      answer["error"] = failure.id;
      answer["message"] = failure.message;
      ++refused;
    }
    out << tools::jsonLine(answer) << std::endl;
  }
  return refused;
}

}  // namespace liangma::server
