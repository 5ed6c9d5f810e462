// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "liangma/region_pack.h"
#include "server/authority_store.h"
#include "server/issuer_keys.h"

namespace liangma::server {

/// Why a resident is coloured anew.
enum class Occasion : std::uint8_t { Time, Declaration, Fact, Appeal };

/// What is known of a resident that may still count.
struct Past {
  std::vector<Declaration> declarations;  ///< the oldest first
  std::vector<StoredFact> facts;          ///< the oldest first
  std::vector<std::string> areasAtRisk;
};

/// Whether a colour keeps somebody at home.
bool isolates(Colour colour);

/// Colours residents by the region packs that the trust list names. It keeps no clock.
class ColourRules {
 public:
  /// @param utcOffsetMinutes  days of check-ins begin at midnight there
  explicit ColourRules(int utcOffsetMinutes) : utcOffsetMinutes_(utcOffsetMinutes) {}

  /// Takes other packs; whoever asks meanwhile gets the old ones.
  void setPacks(RegionPacks packs);
  std::shared_ptr<const RegionPacks> packs() const;

  /// What a resident's state is at `now`, given what is known.
  ///
  /// Yellow and red hold until their time has passed, whatever is declared meanwhile: only something
  /// stricter, or a granted appeal, ends them before. Once it has passed, what was known until then no longer
  /// counts.
  ///
  /// By how much a day begins before that of UTC.
  std::int64_t utcOffsetSeconds() const { return std::int64_t{utcOffsetMinutes_} * 60; }

  /// @return the same state where nothing changes; `since` is `now` where the colour is new
  /// @throws Problem rule.type, rule.budget
  ColourState recolour(const std::string& place, const ColourState& state, const Past& past,
                       Occasion occasion, UnixSeconds now) const;

  /// Whether a declaration gives neither yellow nor red by itself.
  bool isWell(const std::string& place, const std::string& json, UnixSeconds now) const;

  /// How many days in a row, today's or yesterday's the last, somebody has declared to be well since `from`.
  std::int64_t checkIns(const std::vector<Declaration>& declarations, UnixSeconds from,
                        UnixSeconds now) const;
  std::int64_t dayOf(UnixSeconds time) const;

 private:
  static std::set<std::string> areasAtRisk(const ColourState& state, const Past& past);
  std::string factsJson(const ColourState& state, const Past& past, UnixSeconds now) const;

  const int utcOffsetMinutes_;
  mutable std::mutex mutex_;
  std::shared_ptr<const RegionPacks> packs_ = std::make_shared<const RegionPacks>();
};

/// Signs records and puts each at the end of its log.
class Recorder {
 public:
  Recorder(std::string authority, const KeyRing& keys) : authority_(std::move(authority)), keys_(keys) {}

  /// @param chain   22 characters of base64url
  /// @param issuer  who signs
  /// @param record  all but issuer, chain, sequence, previous record and time
  /// @return the record as signed
  Bytes append(AuthorityTables& tables, const std::string& chain, const std::string& issuer,
               ColourRecord record, UnixSeconds now) const;

  const std::string& authority() const { return authority_; }

 private:
  const std::string authority_;
  const KeyRing& keys_;
};

/// Keeps residents' colours and their logs: nothing else changes a colour.
class AuthorityColours {
 public:
  AuthorityColours(const ColourRules& rules, const Recorder& recorder) : rules_(rules), recorder_(recorder) {}

  /// Colours a resident anew where that is due, and records it.
  ///
  /// @param resident  locked in this transaction; its state becomes the new one
  /// @param evidence  keyword
  /// @return whether the colour, or its time, changed
  /// @throws Problem rule.type, rule.budget
  bool update(AuthorityTables& tables, Resident& resident, Occasion occasion, const std::string& evidence,
              const Actor& actor, UnixSeconds now) const;

  /// Who signs for a resident.
  std::string issuerOf(const Resident& resident) const;
  /// Whose rules hold for a resident: their region's, or else their issuer's.
  std::string placeOf(const Resident& resident) const;
  const ColourRules& rules() const { return rules_; }
  const Recorder& recorder() const { return recorder_; }

 private:
  const ColourRules& rules_;
  const Recorder& recorder_;
};

/// The 16 bytes of an id of 22 characters of base64url.
/// @throws Problem http.malformed
ByteArray<16> id16(const std::string& id);
bool isId(std::string_view text);

}  // namespace liangma::server
