// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace liangma {

/// Every outcome the core can name: number, identifier, string id.
///
/// Numbers are never reused. The string id is the name in SPEC.md and the key in every i18n catalog.
/// 1xx format · 2xx signature and trust · 3xx time and status · 4xx policy · 5xx misuse · 9xx internal.
#define LIANGMA_ERRC(X)                                       \
  X(0, Ok, "ok")                                              \
  X(100, FormatEmpty, "format.empty")                         \
  X(101, FormatPrefix, "format.prefix-unknown")               \
  X(102, FormatOtherSystem, "format.other-system")            \
  X(103, FormatTooLong, "format.too-long")                    \
  X(104, FormatVersion, "format.version-unsupported")         \
  X(105, FormatWrongKind, "format.wrong-kind")                \
  X(110, Base45Character, "base45.character")                 \
  X(111, Base45Length, "base45.length")                       \
  X(112, Base45Overflow, "base45.overflow")                   \
  X(120, CborMalformed, "cbor.malformed")                     \
  X(121, CborTruncated, "cbor.truncated")                     \
  X(122, CborTrailingBytes, "cbor.trailing-bytes")            \
  X(123, CborTooDeep, "cbor.too-deep")                        \
  X(124, CborTooLarge, "cbor.too-large")                      \
  X(125, CborDuplicateKey, "cbor.duplicate-key")              \
  X(126, CborIndefiniteLength, "cbor.indefinite-length")      \
  X(127, CborNotShortest, "cbor.not-shortest")                \
  X(128, CborKeyOrder, "cbor.key-order")                      \
  X(129, CborUtf8, "cbor.utf8")                               \
  X(140, CoseShape, "cose.shape")                             \
  X(141, CoseAlgorithm, "cose.algorithm-unsupported")         \
  X(142, CoseHeader, "cose.header-unknown")                   \
  X(143, CoseType, "cose.type-wrong")                         \
  X(144, CoseKey, "cose.key-shape")                           \
  X(150, CredentialShape, "credential.shape")                 \
  X(151, CredentialClaimMissing, "credential.claim-missing")  \
  X(152, CredentialClaimInvalid, "credential.claim-invalid")  \
  X(153, CredentialClaimUnknown, "credential.claim-unknown")  \
  X(154, LiveShape, "live.shape")                             \
  X(155, DisclosureShape, "disclosure.shape")                 \
  X(156, DisclosureUnmatched, "disclosure.unmatched")         \
  X(157, DisclosureDuplicate, "disclosure.duplicate")         \
  X(158, DisclosureUnasked, "disclosure.unasked")             \
  X(159, DisclosureMissing, "disclosure.missing")             \
  X(160, RequestShape, "request.shape")                       \
  X(161, PaperShape, "paper.shape")                           \
  X(162, TrustShape, "trust.shape")                           \
  X(163, VaultShape, "vault.shape")                           \
  X(164, RuleMalformed, "rule.malformed")                     \
  X(165, JsonMalformed, "json.malformed")                     \
  X(166, StatusListShape, "status-list.shape")                \
  X(167, PackShape, "pack.shape")                             \
  X(168, DeclarationShape, "declaration.shape")               \
  X(169, RecordShape, "record.shape")                         \
  X(170, StatementShape, "statement.shape")                   \
  X(200, IssuerUnknown, "issuer.unknown")                     \
  X(201, IssuerKeyUnknown, "issuer.key-unknown")              \
  X(202, IssuerKeyNotInForce, "issuer.key-not-in-force")      \
  X(203, IssuerRegionNotAllowed, "issuer.region-not-allowed") \
  X(204, IssuerSignature, "issuer.signature-bad")             \
  X(205, HolderKeyMissing, "holder.key-missing")              \
  X(206, HolderSignature, "holder.signature-bad")             \
  X(207, HolderSignatureMissing, "holder.signature-missing")  \
  X(208, KeyMismatch, "key.mismatch")                         \
  X(209, KeyInvalid, "key.invalid")                           \
  X(210, TrustMissing, "trust.missing")                       \
  X(211, TrustRootUnknown, "trust.root-unknown")              \
  X(212, TrustSignature, "trust.signature-bad")               \
  X(213, TrustRolledBack, "trust.rolled-back")                \
  X(214, TrustExpired, "trust.expired")                       \
  X(215, TrustRotation, "trust.rotation-incomplete")          \
  X(220, VerifierUnknown, "verifier.unknown")                 \
  X(221, VerifierSignature, "verifier.signature-bad")         \
  X(222, VerifierKeyNotInForce, "verifier.key-not-in-force")  \
  X(223, AudienceMismatch, "audience.mismatch")               \
  X(224, NonceMissing, "nonce.missing")                       \
  X(225, NonceMismatch, "nonce.mismatch")                     \
  X(226, AnswerUnreadable, "answer.unreadable")               \
  X(227, VaultUnreadable, "vault.unreadable")                 \
  X(228, PackNotListed, "pack.not-listed")                    \
  X(229, RecordChain, "record.chain-broken")                  \
  X(230, PackMissing, "pack.missing")                         \
  X(300, TimeTooOld, "time.too-old")                          \
  X(301, TimeFuture, "time.future")                           \
  X(302, TimeClockSuspect, "time.clock-suspect")              \
  X(303, TimeCredentialExpired, "time.credential-expired")    \
  X(304, TimeCredentialNotYet, "time.credential-not-yet")     \
  X(305, TimeCredentialLife, "time.credential-life-too-long") \
  X(306, TimeRequestExpired, "time.request-expired")          \
  X(307, TimeRequestFuture, "time.request-future")            \
  X(308, TimeOutsideCredential, "time.outside-credential")    \
  X(309, TimeVerifierClock, "time.verifier-clock-suspect")    \
  X(310, ReplaySeen, "replay.seen-before")                    \
  X(320, StatusInvalid, "status.invalid")                     \
  X(321, StatusSuspended, "status.suspended")                 \
  X(322, StatusSuperseded, "status.superseded")               \
  X(323, StatusStale, "status.stale")                         \
  X(324, StatusOutOfRange, "status.out-of-range")             \
  X(325, StatusUnavailable, "status.unavailable")             \
  X(326, StatusListWrong, "status-list.wrong")                \
  X(400, ColourGreen, "colour.green")                         \
  X(401, ColourYellow, "colour.yellow")                       \
  X(402, ColourRed, "colour.red")                             \
  X(403, ColourPending, "colour.pending")                     \
  X(404, PaperCheckId, "paper.check-id")                      \
  X(405, AssuranceTooLow, "assurance.challenge-required")     \
  X(406, SceneUnknown, "scene.unknown")                       \
  X(407, RecognitionNone, "recognition.none")                 \
  X(408, RuleType, "rule.type")                               \
  X(409, RuleBudget, "rule.budget")                           \
  X(410, ColourNoRule, "colour.no-rule")                      \
  X(500, MisuseArgument, "misuse.argument")                   \
  X(501, MisuseEntropy, "misuse.entropy-missing")             \
  X(502, MisuseTooLarge, "misuse.too-large")                  \
  X(900, Internal, "internal.error")

enum class Errc : std::uint16_t {
#define LIANGMA_X(number, name, id) name = number,
  LIANGMA_ERRC(LIANGMA_X)
#undef LIANGMA_X
};

/// The stable string id, such as "time.too-old"; "internal.error" for a value outside the enum.
std::string_view errcId(Errc code);

/// The code that a string id names, if any.
std::optional<Errc> errcFromId(std::string_view id);

/// Every code in ascending order.
std::span<const Errc> allErrcs();

}  // namespace liangma
