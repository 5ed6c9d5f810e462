// SPDX-License-Identifier: Apache-2.0
#include "liangma/verify.h"

#include <algorithm>

#include "cose.h"
#include "crypto/crypto.h"
#include "key_binding.h"
#include "paper_token.h"

namespace liangma {
namespace {

const Scene kDoor{};
constexpr std::string_view kAskInCharge = "advice.ask-in-charge";

Verdict refuse(Error error) {
  Verdict verdict;
  verdict.reason = error.code;
  verdict.advice = adviceId(error.code);
  return verdict;
}

/// Finds the issuer and the key that may have signed, and checks the region it speaks for.
Result<const PublicKey*> findIssuerKey(const TrustedIssuer& issuer, const KeyId8& keyId,
                                       std::string_view region, UnixSeconds issuedAt) {
  LIANGMA_TRY(const auto* key, issuer.keyAt(keyId, issuedAt));
  if (!issuer.maySpeakFor(region)) return Errc::IssuerRegionNotAllowed;
  return key;
}

/// The trust entry of an issuer whose signature over the credential is good.
Result<const TrustedIssuer*> checkIssuer(const Credential& credential, const TrustList& trust) {
  const auto* issuer = trust->findIssuer(credential.issuer);
  if (issuer == nullptr) return Errc::IssuerUnknown;
  LIANGMA_TRY(const auto* key,
              findIssuerKey(*issuer, credential.issuerKeyId, credential.region(), credential.issuedAt));
  if (!cose::verifySign1(credential.protectedHeader, credential.payload, credential.signature, *key))
    return Errc::IssuerSignature;
  return issuer;
}

Status checkTimes(UnixSeconds issuedAt, UnixSeconds expiresAt, UnixSeconds maxSeconds,
                  std::uint32_t futureSeconds, UnixSeconds now) {
  if (expiresAt - issuedAt > maxSeconds) return Errc::TimeCredentialLife;
  if (now < issuedAt - futureSeconds) return Errc::TimeCredentialNotYet;
  if (now >= expiresAt) return Errc::TimeCredentialExpired;
  return success();
}

Status checkHolder(const KeyBinding& binding) {
  const auto& key = binding.credential.deviceKey;
  if (!key) return Errc::HolderKeyMissing;
  if (!crypto::verify(binding.signature, binding.toBeSigned, key->raw32())) return Errc::HolderSignature;
  return success();
}

/// Whether the code was made for this verifier, and discloses what it asked for and nothing else.
Status checkAudience(const KeyBinding& binding, const Challenge* challenge) {
  const auto& claims = binding.claims;
  if (challenge == nullptr) {
    if (claims.audience != kOpenAudience || claims.nonce) return Errc::AudienceMismatch;
    if (!binding.credential.disclosures.empty()) return Errc::DisclosureUnasked;
    return success();
  }
  if (claims.audience != challenge->verifier) return Errc::AudienceMismatch;
  if (!claims.nonce) return Errc::NonceMissing;
  if (*claims.nonce != challenge->nonce) return Errc::NonceMismatch;
  for (const auto& [claim, value] : binding.credential.identity)
    if (challenge->wanted.count(claim) == 0) return Errc::DisclosureUnasked;
  if (binding.credential.identity.size() != challenge->wanted.size()) return Errc::DisclosureMissing;
  const auto needed = challenge->wanted.empty() ? 0 : challenge->wanted.size() + 1;  // and the identity's own
  if (binding.credential.disclosures.size() != needed) return Errc::DisclosureUnasked;
  return success();
}

/// The issuer's policy, as the credential and the scene change it.
LivePolicy livePolicy(const TrustedIssuer& issuer, const CodeClaims& code, const Scene& scene) {
  LivePolicy policy = issuer.live;
  if (code.live) {
    policy.periodSeconds = code.live->periodSeconds;
    policy.windowSeconds = code.live->windowSeconds;
  }
  if (scene.windowSeconds) policy.windowSeconds = std::min(policy.windowSeconds, *scene.windowSeconds);
  return policy;
}

Status checkWindow(const KeyBinding& binding, const LivePolicy& policy, UnixSeconds now) {
  const auto age = now - binding.claims.issuedAt;
  const bool tooOld = age > policy.windowSeconds;
  const bool future = -age > policy.futureSeconds;
  if ((tooOld || future) && binding.claims.clock == ClockTrust::Unconfirmed) return Errc::TimeClockSuspect;
  if (tooOld) return Errc::TimeTooOld;
  if (future) return Errc::TimeFuture;
  const auto& credential = binding.credential;
  if (binding.claims.issuedAt < credential.issuedAt || binding.claims.issuedAt >= credential.expiresAt)
    return Errc::TimeOutsideCredential;
  return success();
}

/// Refuses what its status list does not call valid.
/// @return whether a person has to look, because the list is stale
Result<bool> checkStatus(const VerifyContext& context, std::string_view issuer, std::uint64_t index) {
  if (context.status == nullptr) return false;
  LIANGMA_TRY(const auto entry, context.status->status(issuer, index, context.now));
  switch (entry.status) {
    case CredentialStatus::Valid:
      if (entry.isStale && context.stale == StalePolicy::Refuse) return Errc::StatusStale;
      return entry.isStale;
    case CredentialStatus::Suspended:
      return Errc::StatusSuspended;
    case CredentialStatus::Superseded:
      return Errc::StatusSuperseded;
    default:
      return Errc::StatusInvalid;
  }
}

Errc colourReason(Colour colour) {
  constexpr Errc kReasons[] = {Errc::ColourPending, Errc::ColourGreen, Errc::ColourYellow, Errc::ColourRed};
  return kReasons[static_cast<unsigned>(colour) & 3];
}

bool anyCovers(const std::vector<std::string>& areas, std::string_view region) {
  return std::any_of(areas.begin(), areas.end(), [&](std::string_view area) { return covers(area, region); });
}

/// The agreement by which a place takes a code; none where the code is the place's own.
Result<std::optional<Agreement>> recognize(const TrustContent& trust, std::string_view place,
                                           const VerifiedCode& code, UnixSeconds now) {
  const auto& all = trust.recognitions;
  const bool isHub =
      std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.hub == code.issuer; });
  if (!isHub && (covers(code.region, place) || covers(place, code.region))) return std::optional<Agreement>();
  for (const auto& each : all) {
    const bool inForce = each.since <= now && now < each.until;
    const bool byItsPath = each.hub ? *each.hub == code.issuer : !isHub;
    if (inForce && byItsPath && anyCovers(each.hosts, place) &&
        (each.guests.empty() || anyCovers(each.guests, code.region)))
      return std::optional(Agreement{each.id, each.path, each.underHostRules, each.group});
  }
  return Errc::RecognitionNone;
}

/// What the rules of the place say, or without them the scene.
Result<Admission> askRules(const VerifyContext& context, const Scene& scene, const Verdict& verdict) {
  const auto& code = *verdict.code;
  if (context.rules == nullptr) return Admission{scene.byColour[static_cast<unsigned>(code.colour) & 3], {}};
  return context.rules->admit({scene.id, context.place, code.colour, code.issuer, code.region,
                               verdict.assurance, verdict.agreement ? &*verdict.agreement : nullptr,
                               context.now, &context.trust.content()});
}

/// Lets the place and the scene decide about a code whose every check passed.
Status decide(const VerifyContext& context, const Scene& scene, bool isStatusStale, Verdict& verdict) {
  if (!context.place.empty()) {
    LIANGMA_TRY(verdict.agreement,
                recognize(context.trust.content(), context.place, *verdict.code, context.now));
  }
  LIANGMA_TRY(auto admission, askRules(context, scene, verdict));
  verdict.decision = admission.decision;
  verdict.rule = std::move(admission.rule);
  verdict.reason = colourReason(verdict.code->colour);
  if (scene.required == Assurance::Challenge && verdict.assurance != Assurance::Challenge) {
    verdict.decision = Decision::Refuse;
    verdict.reason = Errc::AssuranceTooLow;
  } else if (verdict.assurance == Assurance::Paper && verdict.decision != Decision::Refuse) {
    verdict.decision = Decision::Check;
    verdict.reason = Errc::PaperCheckId;
  } else if (isStatusStale && verdict.decision == Decision::Admit) {
    verdict.decision = Decision::Check;
    verdict.reason = Errc::StatusStale;
  }
  const bool isGreenByRule = verdict.reason == Errc::ColourGreen && verdict.decision != Decision::Admit;
  const bool isPaperWhereAsked =
      verdict.reason == Errc::AssuranceTooLow && verdict.assurance == Assurance::Paper;
  verdict.advice = isGreenByRule || isPaperWhereAsked ? kAskInCharge : adviceId(verdict.reason);
  return success();
}

VerifiedCode describe(std::string_view issuer, const CodeClaims& code, std::string_view subject,
                      UnixSeconds expiresAt) {
  return {std::string(issuer), std::string(code.region ? *code.region : issuer),
          code.colour,         code.maskedName,
          code.idTail,         std::string(subject),
          expiresAt,           {}};
}

/// A live code's checks in order; fills the verdict as far as they get.
/// @return as checkStatus()
Result<bool> checkLive(std::string_view text, const VerifyContext& context, const Scene& scene,
                       Verdict& verdict) {
  LIANGMA_TRY(const auto encoded, decodeText(text, kLivePrefix));
  LIANGMA_TRY(const auto binding, parseKeyBinding(encoded));
  const auto& credential = binding.credential;
  LIANGMA_CHECK(context.trust->checkAge(context.now));
  LIANGMA_TRY(const auto* issuer, checkIssuer(credential, context.trust));
  LIANGMA_CHECK(checkTimes(credential.issuedAt, credential.expiresAt, kMaxCredentialSeconds,
                           issuer->live.futureSeconds, context.now));
  LIANGMA_CHECK(checkHolder(binding));
  verdict.ageSeconds = context.now - binding.claims.issuedAt;
  LIANGMA_CHECK(checkAudience(binding, context.challenge));
  const auto policy = livePolicy(*issuer, credential.code, scene);
  LIANGMA_CHECK(checkWindow(binding, policy, context.now));
  if (context.seen != nullptr)
    LIANGMA_CHECK(context.seen->remember(crypto::sha256(binding.toBeSigned), context.now,
                                         binding.claims.issuedAt + policy.windowSeconds));
  LIANGMA_TRY(const bool isStale, checkStatus(context, credential.issuer, credential.code.statusIndex));
  verdict.assurance = context.challenge == nullptr ? Assurance::Time : Assurance::Challenge;
  verdict.code = describe(credential.issuer, credential.code, credential.subject, credential.expiresAt);
  verdict.code->identity = credential.identity;
  return isStale;
}

/// @return as checkStatus()
Result<bool> checkPaper(std::string_view text, const VerifyContext& context, Verdict& verdict) {
  LIANGMA_TRY(const auto paper, parsePaperCode(text));
  const auto& claims = paper.claims;
  LIANGMA_CHECK(context.trust->checkAge(context.now));
  const auto* issuer = context.trust->findIssuer(claims.issuer);
  if (issuer == nullptr) return Errc::IssuerUnknown;
  const std::string_view region = claims.code.region ? *claims.code.region : claims.issuer;
  LIANGMA_TRY(const auto* key, findIssuerKey(*issuer, paper.issuerKeyId, region, claims.issuedAt));
  if (!crypto::verify(paper.signature, paper.toBeSigned, key->raw32())) return Errc::IssuerSignature;
  LIANGMA_CHECK(checkTimes(claims.issuedAt, claims.expiresAt, kMaxPaperSeconds, issuer->live.futureSeconds,
                           context.now));
  if (context.challenge != nullptr) return Errc::AssuranceTooLow;
  LIANGMA_TRY(const bool isStale, checkStatus(context, claims.issuer, claims.code.statusIndex));
  verdict.assurance = Assurance::Paper;
  verdict.code = describe(claims.issuer, claims.code, paper.subject, claims.expiresAt);
  return isStale;
}

}  // namespace

Verdict verify(std::string_view text, const VerifyContext& context) {
  const Scene& scene = context.scene != nullptr ? *context.scene : kDoor;
  Verdict verdict;
  const auto checked = text.starts_with(kPaperPrefix) ? checkPaper(text, context, verdict)
                                                      : checkLive(text, context, scene, verdict);
  const auto decided = checked.ok() ? decide(context, scene, *checked, verdict) : Status(checked.error());
  if (decided.ok()) return verdict;
  auto refusal = refuse(decided.error());
  refusal.ageSeconds = verdict.ageSeconds;
  return refusal;
}

Status checkCredential(const Credential& credential, const TrustList& trust, const PublicKey& deviceKey,
                       UnixSeconds now) {
  LIANGMA_CHECK(trust->checkAge(now));
  LIANGMA_TRY(const auto* issuer, checkIssuer(credential, trust));
  LIANGMA_CHECK(checkTimes(credential.issuedAt, credential.expiresAt, kMaxCredentialSeconds,
                           issuer->live.futureSeconds, now));
  if (!credential.deviceKey) return Errc::HolderKeyMissing;
  if (*credential.deviceKey != deviceKey) return Errc::KeyMismatch;
  return success();
}

std::string_view adviceId(Errc reason) {
  switch (reason) {
    case Errc::Ok:
    case Errc::ColourGreen:
      return "";
    case Errc::ColourYellow:
      return "advice.yellow";
    case Errc::ColourRed:
      return "advice.red";
    case Errc::ColourPending:
      return "advice.pending";
    case Errc::PaperCheckId:
      return "advice.check-id";
    case Errc::AssuranceTooLow:
      return "advice.ask-by-challenge";
    case Errc::TimeTooOld:
    case Errc::ReplaySeen:
    case Errc::TimeOutsideCredential:
      return "advice.open-live-code";
    case Errc::TimeFuture:
    case Errc::TimeClockSuspect:
      return "advice.correct-clock";
    case Errc::TimeVerifierClock:
    case Errc::TimeCredentialNotYet:
      return "advice.correct-this-clock";
    case Errc::TimeCredentialExpired:
    case Errc::StatusSuperseded:
      return "advice.renew";
    case Errc::FormatVersion:
    case Errc::TrustMissing:
    case Errc::TrustShape:
    case Errc::TrustExpired:
    case Errc::TrustRootUnknown:
    case Errc::TrustSignature:
    case Errc::TrustRolledBack:
    case Errc::TrustRotation:
    case Errc::PackMissing:
    case Errc::StatusStale:
    case Errc::StatusUnavailable:
    case Errc::IssuerUnknown:
    case Errc::IssuerKeyUnknown:
    case Errc::StatusOutOfRange:
      return "advice.update-gate";
    case Errc::RecognitionNone:
    case Errc::RuleType:
    case Errc::RuleBudget:
    case Errc::SceneUnknown:
      return kAskInCharge;
    case Errc::IssuerSignature:
    case Errc::HolderSignature:
    case Errc::HolderSignatureMissing:
    case Errc::HolderKeyMissing:
    case Errc::StatusInvalid:
    case Errc::StatusSuspended:
      return "advice.do-not-admit";
    case Errc::AudienceMismatch:
    case Errc::NonceMissing:
    case Errc::NonceMismatch:
    case Errc::DisclosureUnasked:
    case Errc::DisclosureMissing:
      return "advice.ask-again";
    default:
      return static_cast<int>(reason) < 200 ? "advice.show-liangma-code" : "advice.do-not-admit";
  }
}

}  // namespace liangma
