// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "liangma/declaration.h"
#include "liangma/verify.h"

namespace liangma {

/// A kind of door, as a region's pack describes it.
struct PackScene {
  Scene scene;                 ///< `byColour` has no say: the rules have
  bool leavesContact = false;  ///< a guest leaves name and contact, with consent
};

/// What a rule is for.
enum class RuleType : std::uint8_t { Admission, Colour, Duration };
/// "Admission", "Colour" or "Duration".
std::string_view ruleTypeId(RuleType type);

/// What a rule document says besides its logic.
struct RuleInfo {
  std::string identifier;
  RuleType type = RuleType::Admission;
  std::string version;
  UnixSeconds validFrom = 0;  ///< in force from then on
  UnixSeconds validTo = 0;    ///< no longer from then on
  Names description;
  std::string reasonClass;    ///< of a Colour rule: a keyword for the record of the change
  bool isAssumption = false;  ///< this project's, not its source's
};

enum class ListingKind : std::uint8_t { Service, Hospital, HelpLine, News };

/// Something that a region tells its residents of.
struct Listing {
  ListingKind kind = ListingKind::Service;
  std::string id;
  Names names;
  std::string url;              ///< https; a service always has one
  std::string phone;            ///< as it is dialled; a help line always has one
  std::string verifier;         ///< of a hospital: its id in the trust list
  Names text;                   ///< of news
  UnixSeconds publishedAt = 0;  ///< of news
  bool isAssumption = false;    ///< this project's, not its source's
};

/// How long the authority keeps what it holds for one purpose.
struct Retention {
  std::string purpose;  ///< a keyword
  std::uint32_t days = 0;
  Names names;                ///< what the purpose is
  bool isAssumption = false;  ///< this project's, not its source's
};

struct PackState;

/// What a region's colour rules say of a person.
struct Colouring {
  Colour colour = Colour::Pending;
  std::string rule;         ///< identifier of the rule that decided; empty: none spoke
  std::string reasonClass;  ///< of that rule
  UnixSeconds until = 0;    ///< when the colour ends by time alone; 0: no rule says
};

/// A city's or province's rules and texts: data, never code.
///
/// @source SPEC.md 9.3
class RegionPack {
 public:
  /// Reads a pack.
  ///
  /// @param fault  if not null, says what and where when the pack is refused
  /// @error json.malformed, pack.shape, rule.malformed
  static Result<RegionPack> parse(std::string_view json, PackFault* fault = nullptr);

  const std::string& region() const;
  std::uint64_t version() const;
  const Names& names() const;
  /// What the region calls its code.
  const Names& codeNames() const;
  /// The region whose pack speaks where this one is silent; empty: none.
  const std::string& base() const;
  /// How many days a door may remember who came; 0: the base says.
  std::uint32_t recordDays() const;
  const std::vector<PackScene>& scenes() const;
  const std::vector<RuleInfo>& rules() const;
  const std::vector<DeclarationForm>& forms() const;
  /// Services, hospitals, help lines and news.
  const std::vector<Listing>& listings() const;
  const std::vector<Retention>& retention() const;

  /// What RegionPacks asks; core's alone.
  const PackState& state() const { return *state_; }

 private:
  std::shared_ptr<const PackState> state_;
};

/// The SHA-256 by which a trust list names a pack.
ByteArray<32> packHash(std::string_view json);

/// Reads a pack that the trust list names.
///
/// @error as RegionPack::parse()
/// @error pack.not-listed  the list names no pack of this region, version and hash
Result<RegionPack> openRegionPack(std::string_view json, const TrustContent& trust,
                                  PackFault* fault = nullptr);

/// The packs that a verifier keeps, and what they say together.
///
/// At a place the pack of the smallest area that covers it speaks, else the national hub's; where its rules
/// are silent, its base's, and so on.
class RegionPacks final : public AdmissionRules {
 public:
  /// Bases behind one another at the most, the pack itself included.
  static constexpr int kMaxChain = 4;

  /// Keeps a pack in the place of its older version.
  void keep(RegionPack pack);

  const RegionPack* find(std::string_view region) const;
  /// A pack that the trust list names, that may speak at a place and is not kept: without it another would.
  const TrustedPack* missingAt(std::string_view place, const TrustContent& trust) const;
  /// The packs that speak at a place, the most particular first.
  std::vector<const RegionPack*> at(std::string_view place) const;

  /// The scenes of a place. Where a base has a scene of the same id, the more particular pack's counts.
  std::vector<const PackScene*> scenesAt(std::string_view place) const;
  const PackScene* findScene(std::string_view place, std::string_view id) const;
  /// The rule that a verdict names.
  const RuleInfo* findRule(std::string_view place, std::string_view identifier) const;
  std::uint32_t recordDaysAt(std::string_view place) const;
  /// The form of the first pack that has one of this id.
  const DeclarationForm* findForm(std::string_view place, std::string_view id) const;
  /// What all packs list. Where a base lists something of the same id, the more particular pack's counts.
  std::vector<const Listing*> listingsAt(std::string_view place, ListingKind kind) const;
  /// How many days the authority of a place keeps what it holds for a purpose; 0: no pack says.
  std::uint32_t retentionDaysAt(std::string_view place, std::string_view purpose) const;

  /// The strictest answer of the first pack whose admission rules in force speak; refuse where none does.
  Result<Admission> admit(const AdmissionFacts& facts) const override;
  /// The same. @param asked  the rule that was asked last, at fault where the result is an error
  Result<Admission> admit(const AdmissionFacts& facts, const RuleInfo** asked) const;

  /// The strictest colour that any pack's rules in force give; pending where none speaks. How long it lasts
  /// says the first pack whose rules speak of that.
  ///
  /// @param declarationJson  what the person declared and still counts: the newest of each form, one object
  /// @param factsJson        what the authority knows and still counts
  /// @error json.malformed, rule.type, rule.budget
  Result<Colouring> colour(std::string_view place, std::string_view declarationJson,
                           std::string_view factsJson, UnixSeconds now) const;

  /// How many seconds a colour lasts from its beginning on; 0: no rule says.
  ///
  /// @error as colour()
  Result<UnixSeconds> colourSeconds(std::string_view place, std::string_view declarationJson,
                                    std::string_view factsJson, Colour colour, UnixSeconds now) const;

 private:
  std::map<std::string, RegionPack, std::less<>> packs_;
};

}  // namespace liangma
