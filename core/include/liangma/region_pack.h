// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "liangma/verify.h"

namespace liangma {

/// What is wrong with a region pack, and where.
struct PackFault {
  std::string place;  ///< JSON Pointer
  std::string message;
};

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
  /// The packs that speak at a place, the most particular first.
  std::vector<const RegionPack*> at(std::string_view place) const;

  /// The scenes of a place. Where a base has a scene of the same id, the more particular pack's counts.
  std::vector<const PackScene*> scenesAt(std::string_view place) const;
  const PackScene* findScene(std::string_view place, std::string_view id) const;
  /// The rule that a verdict names.
  const RuleInfo* findRule(std::string_view place, std::string_view identifier) const;
  std::uint32_t recordDaysAt(std::string_view place) const;

  /// The strictest answer of the first pack whose admission rules in force speak; refuse where none does.
  Result<Admission> admit(const AdmissionFacts& facts) const override;

  /// The strictest colour that any pack's rules in force give; pending where none speaks. How long it lasts
  /// says the first pack whose rules speak of that.
  ///
  /// @param declarationJson  what the person declared
  /// @param factsJson        what the authority knows
  /// @error json.malformed, rule.type, rule.budget
  Result<Colouring> colour(std::string_view place, std::string_view declarationJson,
                           std::string_view factsJson, UnixSeconds now) const;

 private:
  std::map<std::string, RegionPack, std::less<>> packs_;
};

}  // namespace liangma
