// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "liangma/seen_codes.h"
#include "liangma/trust_list.h"

namespace liangma {

/// What a status list says of one credential.
enum class CredentialStatus : std::uint8_t { Valid = 0, Invalid = 1, Suspended = 2, Superseded = 3 };

/// A status, and whether the list that says so is too old to be relied on.
struct StatusEntry {
  CredentialStatus status = CredentialStatus::Invalid;
  bool isStale = false;
};

/// Where a verifier looks a status up. Absent data is an error of its own, never "valid".
class StatusLookup {
 public:
  virtual ~StatusLookup() = default;
  /// @error status.unavailable, status.out-of-range
  virtual Result<StatusEntry> status(std::string_view issuer, std::uint64_t statusIndex,
                                     UnixSeconds now) const = 0;
};

/// What becomes of a code that nothing but a stale status list calls valid.
enum class StalePolicy : std::uint8_t { Refuse, Check };

/// The agreement by which a place takes another region's code.
struct Agreement {
  std::string id;
  RecognitionPath path = RecognitionPath::Shared;
  bool underHostRules = false;
  std::optional<std::string> group;
};

/// What the rules of a place look at.
struct AdmissionFacts {
  std::string_view scene;
  std::string_view place;
  Colour colour = Colour::Pending;
  std::string_view issuer;
  std::string_view region;  ///< that the code speaks for
  Assurance assurance = Assurance::None;
  const Agreement* agreement = nullptr;  ///< absent: the code is the place's own
  UnixSeconds now = 0;
  const TrustContent* trust = nullptr;  ///< names the rules there are; absent: those at hand are all
};

/// What the rules of a place say.
struct Admission {
  Decision decision = Decision::Refuse;
  std::string rule;  ///< identifier of the rule that decided; empty: none spoke
};

/// Rules by place, scene and colour.
class AdmissionRules {
 public:
  virtual ~AdmissionRules() = default;
  /// @error pack.missing            rules that may speak there are not at hand
  /// @error scene.unknown           the place has no such scene
  /// @error rule.type, rule.budget  a rule fails on these facts
  virtual Result<Admission> admit(const AdmissionFacts& facts) const = 0;
};

/// What a verifier expects of an answer to its own request.
struct Challenge {
  std::string verifier;            ///< the id that `aud` must hold
  Bytes nonce;                     ///< what `cnonce` must hold
  std::set<IdentityClaim> wanted;  ///< exactly these must be disclosed
};

/// Everything a verdict depends on besides the text.
struct VerifyContext {
  const TrustList& trust;
  UnixSeconds now = 0;
  const Scene* scene = nullptr;  ///< absent: a door where green passes, yellow and pending are checked
  const Challenge* challenge = nullptr;  ///< absent: an open display is expected
  SeenCodes* seen = nullptr;             ///< absent: nothing is remembered
  const StatusLookup* status = nullptr;  ///< absent: no status lists are kept here
  StalePolicy stale = StalePolicy::Refuse;
  std::string_view place = {};  ///< the door's division code; absent: whose code it is does not matter
  const AdmissionRules* rules = nullptr;  ///< of the place; absent: the scene decides by colour alone
};

/// What a code states, after every signature was found good.
struct VerifiedCode {
  std::string issuer;
  std::string region;
  Colour colour = Colour::Pending;
  std::string maskedName;
  std::string idTail;
  std::string subject;
  UnixSeconds expiresAt = 0;
  Identity identity;
};

/// One clear answer.
struct Verdict {
  Decision decision = Decision::Refuse;
  Errc reason = Errc::Internal;
  /// What to do about it: an i18n key such as "advice.refresh".
  std::string_view advice;
  Assurance assurance = Assurance::None;
  /// Present only where decision is Admit or Check, or where a rule about the colour refuses.
  std::optional<VerifiedCode> code;
  /// now - iat of the live signature; negative: from the future. Present once the holder's signature is good.
  std::optional<std::int64_t> ageSeconds;
  /// Present where the place takes the code by an agreement.
  std::optional<Agreement> agreement;
  /// Identifier of the rule that decided; empty: none did.
  std::string rule;
};

/// Checks a code's text in the order of SPEC.md 10 and decides.
///
/// Always gives a verdict; whatever is unknown or malformed is refused with its reason.
Verdict verify(std::string_view text, const VerifyContext& context);

/// Checks a credential as the wallet does when it arrives or is opened: everything but the live signature.
///
/// @error issuer.*, time.*, key.mismatch, holder.key-missing, trust.expired
Status checkCredential(const Credential& credential, const TrustList& trust, const PublicKey& deviceKey,
                       UnixSeconds now);

/// The advice that goes with a reason.
std::string_view adviceId(Errc reason);

}  // namespace liangma
