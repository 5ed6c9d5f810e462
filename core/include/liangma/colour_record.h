// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "liangma/trust_list.h"

namespace liangma {

/// How many records there are of what, and a digest over them: what a record of the authority itself says.
struct Tally {
  std::string what;  ///< keyword: "log", or the purpose whose data was erased
  std::uint64_t count = 0;
  ByteArray<32> digest32{};
};

/// One step of a log that nobody can change unseen: what was done to a resident's colour, why and by whom.
///
/// A log is a chain: each record names the one before by its digest. A resident's log is known by a random id
/// that is neither the ID number nor any credential's.
struct ColourRecord {
  std::string issuer;
  UnixSeconds madeAt = 0;
  ByteArray<16> chain16{};                 ///< the log's id
  std::uint64_t sequence = 0;              ///< 0 in the first record
  ByteArray<32> previous32{};              ///< SHA-256 of the record before; zeros in the first
  std::string event;                       ///< keyword: "colour", "appeal", …
  std::string actorRole;                   ///< keyword: "resident", "rules", "time", or a role of the staff
  std::optional<ByteArray<16>> actor16;    ///< the staff member's own log
  std::optional<Colour> colour;            ///< of "colour" always
  std::optional<std::string> region;       ///< whose rules hold, as a credential says it; of "colour" always
  std::optional<std::string> rule;         ///< identifier of the rule that gives the colour
  std::optional<std::string> reasonClass;  ///< of that rule, or of a decision
  std::optional<std::string> evidence;     ///< keyword: what kind of evidence there is
  std::optional<UnixSeconds> until;  ///< when the colour ends by time alone; when an appeal has to be decided
  std::optional<ByteArray<16>> subject16;  ///< the log or the list that it is about
  std::optional<Tally> tally;
};

/// Signs a record with the authority's key.
///
/// @return COSE_Sign1, tag 18
/// @error  record.shape  a field out of range
/// @source SPEC.md 9.5
Result<Bytes> signColourRecord(const ColourRecord& record, const SigningKey& issuerKey);

/// Reads a record; nothing in it may be shown as true.
///
/// @error record.shape, cbor.*, cose.*
Result<ColourRecord> parseColourRecord(ByteView encoded);

/// Reads a record and checks who signed it.
///
/// @error record.shape, cbor.*, cose.*
/// @error issuer.unknown, issuer.key-unknown, issuer.key-not-in-force, issuer.signature-bad
Result<ColourRecord> openColourRecord(ByteView encoded, const TrustContent& trust);

/// SHA-256 of an encoded record: what the next one names.
ByteArray<32> colourRecordDigest(ByteView encoded);

/// Checks that a record stands right behind another of the same log, or is the first.
///
/// @param before  the encoded record before; empty: none
/// @error record.chain-broken  another log, a number left out, or another record before
Status checkColourRecordFollows(const ColourRecord& record, ByteView before,
                                const ColourRecord* recordBefore);

/// The head of the authority's own chain behind one more record: SHA-256 of the head before and the record's
/// digest.
ByteArray<32> colourLogHead(const ByteArray<32>& headBefore, const ByteArray<32>& recordDigest);

/// A day of the authority's log as it is published.
///
/// @param from       how many records there were before
/// @param digests    of the day's records, in their order
/// @param dayHead    the signed record of the head behind them
/// @source SPEC.md 9.5
Bytes encodeColourDayLog(std::uint64_t from, std::span<const ByteArray<32>> digests, ByteView dayHead);

}  // namespace liangma
