// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>

#include "liangma/verify.h"

namespace liangma {

/// Entries of one LM1 status list at the most; a status index is list * kStatusListEntries + position.
inline constexpr std::uint64_t kStatusListEntries = std::uint64_t{1} << 20;

/// The statuses of one list, packed: `bits` to an entry, the first entry in the lowest bits of the first
/// byte.
///
/// @source draft-ietf-oauth-status-list, 4.1
class StatusBits {
 public:
  /// All entries 0.
  ///
  /// @param bits     1, 2, 4 or 8
  /// @param entries  1..2^20, a multiple of 8 / bits
  /// @error misuse.argument
  static Result<StatusBits> create(int bits, std::uint64_t entries);

  /// Takes packed bytes as they are.
  ///
  /// @error misuse.argument  none, or more than 2^20 entries
  static Result<StatusBits> fromBytes(int bits, Bytes packed);

  int bits() const { return bits_; }
  std::uint64_t entries() const { return packed_.size() * 8u / static_cast<unsigned>(bits_); }
  const Bytes& bytes() const { return packed_; }

  /// @error status.out-of-range
  Result<std::uint8_t> get(std::uint64_t position) const;
  /// @error status.out-of-range
  /// @error misuse.argument  the value needs more bits
  Status set(std::uint64_t position, std::uint8_t value);

 private:
  int bits_ = 2;
  Bytes packed_;
};

/// What a status list says of itself.
struct StatusListClaims {
  std::string uri;  ///< where it is published, 1..512 characters
  UnixSeconds issuedAt = 0;
  UnixSeconds expiresAt = 0;     ///< > issuedAt; from then on the list is stale
  std::uint32_t ttlSeconds = 0;  ///< how long after issuedAt nobody need ask for a newer one; 0: not said
};

/// Packs a list as `{"lst": zlib, "bits": n}`.
///
/// @source draft-ietf-oauth-status-list, 4.3
Bytes encodeStatusList(const StatusBits& statuses);

/// Reads such a map.
///
/// @error status-list.shape  also where it holds more than 2^20 entries
Result<StatusBits> decodeStatusList(ByteView encoded);

/// Signs a Status List Token.
///
/// @return COSE_Sign1, tag 18, of the type application/statuslist+cwt
/// @error  misuse.argument  claims out of range, or other than 2 bits to an entry
/// @source SPEC.md 9.1; draft-ietf-oauth-status-list, 5.2
Result<Bytes> signStatusList(const StatusListClaims& claims, const StatusBits& statuses,
                             const SigningKey& issuerKey);

/// How old a list is: as good as new, due for a newer one, or not to be relied on.
enum class Freshness : std::uint8_t { Fresh, Due, Stale };
/// "fresh", "due" or "stale".
std::string_view freshnessId(Freshness freshness);

/// A status list whose signature was checked.
class StatusList {
 public:
  const std::string& issuer() const { return issuer_; }
  /// Which of the issuer's lists it is, 0..4095.
  std::uint64_t number() const { return number_; }
  const StatusListClaims& claims() const { return claims_; }
  const StatusBits& statuses() const { return statuses_; }

  /// Stale from expiresAt on, and before issuedAt by more than a minute; due from ttlSeconds after issuedAt
  /// on.
  Freshness freshness(UnixSeconds now) const;

 private:
  friend Result<StatusList> openStatusList(ByteView, const TrustedIssuer&);
  std::string issuer_;
  std::uint64_t number_ = 0;
  StatusListClaims claims_;
  StatusBits statuses_;
};

/// Checks and reads a list of an issuer. How old it is decides the lookup.
///
/// @error status-list.shape, cbor.*, cose.*
/// @error status-list.wrong  the token names no address that statusListUri() gives for this issuer
/// @error issuer.key-unknown, issuer.key-not-in-force, issuer.signature-bad
Result<StatusList> openStatusList(ByteView encoded, const TrustedIssuer& issuer);

/// The address of an issuer's list: its template with the number for "{list}"; empty without a template.
std::string statusListUri(const TrustedIssuer& issuer, std::uint64_t list);

/// The status lists that a verifier keeps. Looking up inflates nothing and takes the same time for any index.
class StatusLists final : public StatusLookup {
 public:
  /// Keeps a list in the place of an older one.
  ///
  /// @error status-list.wrong  the kept one is newer
  Status keep(StatusList list);

  /// The kept list; nullptr if there is none.
  const StatusList* find(std::string_view issuer, std::uint64_t number) const;

  Result<StatusEntry> status(std::string_view issuer, std::uint64_t statusIndex,
                             UnixSeconds now) const override;

 private:
  std::map<std::string, std::map<std::uint64_t, StatusList>, std::less<>> lists_;
};

}  // namespace liangma
