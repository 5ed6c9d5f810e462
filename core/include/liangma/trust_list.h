// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "liangma/credential.h"

namespace liangma {

/// BCP 47 language tag -> name.
using Names = std::map<std::string, std::string>;

/// A public key and the time in which it signs: notBefore <= t < notAfter.
struct DatedKey {
  PublicKey key;
  UnixSeconds notBefore = 0;
  UnixSeconds notAfter = 0;
  KeyId8 keyId = key.keyId8();  ///< of the key that this was made with: build anew to change the key
};

struct TrustedIssuer {
  std::string id;
  Names names;
  std::vector<DatedKey> keys;
  std::optional<std::string> statusUrl;  ///< with "{list}" where the list's number goes
  LivePolicy live;
  std::vector<std::string>
      regions;  ///< empty: only its own id; "330100" covers 3301xx, "330000" covers 33xxxx

  bool maySpeakFor(std::string_view region) const;
  /// The key that may have signed something of a time.
  ///
  /// @error issuer.key-unknown, issuer.key-not-in-force
  Result<const PublicKey*> keyAt(const KeyId8& keyId, UnixSeconds time) const;
};

struct TrustedVerifier {
  std::string id;
  Names names;
  std::string kind;  ///< "hospital", "gate", …
  std::vector<DatedKey> keys;
  ByteArray<32> sealingKey32{};        ///< X25519
  std::vector<std::string> endpoints;  ///< the only addresses where an answer may go
};

enum class Assurance : std::uint8_t { None = 0, Paper = 1, Time = 2, Challenge = 3 };
/// "none", "paper", "time" or "challenge".
std::string_view assuranceId(Assurance assurance);

enum class Decision : std::uint8_t { Admit = 0, Check = 1, Refuse = 2 };
/// "admit", "check" or "refuse".
std::string_view decisionId(Decision decision);

/// The rules of one kind of door.
struct Scene {
  std::string id;
  Names names;
  Assurance required = Assurance::Time;        ///< Time or Challenge
  std::optional<std::uint32_t> windowSeconds;  ///< may tighten the issuer's window, never widen it
  std::array<Decision, 4> byColour{Decision::Check, Decision::Admit, Decision::Check, Decision::Refuse};
};

/// Whether one of the two division codes lies in the other's area: "330100" covers 3301xx, "330000" covers
/// 33xxxx; anything else covers only itself.
bool covers(std::string_view area, std::string_view region);

/// How a code of one region is good in another: as it is, made anew by the national hub, or as the hub's own
/// where the host has none.
enum class RecognitionPath : std::uint8_t { Shared = 0, Hub = 1, Adopt = 2 };
/// "shared", "hub" or "adopt".
std::string_view recognitionPathId(RecognitionPath path);

/// An agreement by which some regions take others' codes.
struct Recognition {
  std::string id;
  Names names;
  RecognitionPath path = RecognitionPath::Shared;
  std::vector<std::string> hosts;   ///< 1..64 regions whose doors take the codes
  std::vector<std::string> guests;  ///< at most 64 regions whose codes they take; none: every region's
  std::optional<std::string> hub;   ///< the issuer that makes them; given for Hub and Adopt alone
  UnixSeconds since = 0;            ///< in force from then on
  UnixSeconds until = 0;            ///< > since: no longer from then on
  bool underHostRules = false;  ///< the host's rules for guests hold; else the code counts as one of its own
  std::optional<std::string> group;  ///< a keyword: only for these people, such as "workers"
};

/// A region pack that a verifier may use.
struct TrustedPack {
  std::string id;  ///< its region
  std::uint64_t version = 0;
  ByteArray<32> sha256{};
};

/// What of a list's content is out of its range, or an id that is there twice.
struct ContentFault {
  const char* list;    ///< "issuers", "verifiers", "scenes", "recognitions", "packs"; "" for the list's own
  std::size_t index;   ///< of the entry; 0 for the list's own
  const char* member;  ///< by the name that the command line's content files give it, such as "endpoints"
};

/// Who is trusted for what. Read from a signed list; see openTrustList().
struct TrustContent {
  std::uint64_t version = 0;  ///< >= 1, only ever grows
  UnixSeconds issuedAt = 0;
  UnixSeconds expiresAt = 0;
  std::vector<PublicKey> roots;  ///< 1..4: who may sign the next list
  std::vector<TrustedIssuer> issuers;
  std::vector<TrustedVerifier> verifiers;
  std::vector<Scene> scenes;
  std::vector<Recognition> recognitions;
  std::vector<TrustedPack> packs;

  /// Whether the list holds at `now`.
  /// @error trust.expired                now >= expiresAt
  /// @error time.verifier-clock-suspect  now is more than a minute before issuedAt: this machine's clock is
  /// wrong
  Status checkAge(UnixSeconds now) const;

  /// The first fault; nothing where there is none. A list with a fault is neither signed nor opened.
  std::optional<ContentFault> fault() const;

  const TrustedIssuer* findIssuer(std::string_view id) const;
  const TrustedVerifier* findVerifier(std::string_view id) const;
  const Scene* findScene(std::string_view id) const;
};

/// A key that may sign at `now`.
const PublicKey* keyInForce(const std::vector<DatedKey>& keys, const KeyId8& keyId, UnixSeconds now);

/// Signs a trust list with every given root key.
///
/// @param rootKeys  each root that the content names, and while rotating the leaving ones too
/// @return COSE_Sign, tag 98
/// @error  trust.shape              content out of range
/// @error  trust.rotation-incomplete  a root that the content names does not sign
Result<Bytes> signTrustList(const TrustContent& content, std::span<const SigningKey* const> rootKeys);

/// A trust list whose signatures were checked against the pinned roots.
class TrustList {
 public:
  const TrustContent& content() const { return content_; }
  const TrustContent* operator->() const { return &content_; }

 private:
  friend Result<TrustList> openTrustList(ByteView, std::span<const PublicKey>, std::uint64_t, UnixSeconds);
  TrustContent content_;
};

/// Checks and reads a signed trust list.
///
/// @param pinnedRoots     what this verifier trusts already: built in, or the last accepted list's roots
/// @param knownVersion    the highest version accepted before; 0: none
/// @error trust.shape, cbor.*, cose.*
/// @error trust.root-unknown          no pinned root signed it
/// @error trust.signature-bad         a signature of a known root does not verify
/// @error trust.rotation-incomplete   a root that it names did not sign it
/// @error trust.rolled-back           version < knownVersion
/// @error trust.expired               now >= expiresAt
/// @error time.verifier-clock-suspect   see TrustContent::checkAge()
/// @source SPEC.md 9
Result<TrustList> openTrustList(ByteView encoded, std::span<const PublicKey> pinnedRoots,
                                std::uint64_t knownVersion, UnixSeconds now);

}  // namespace liangma
