// SPDX-License-Identifier: Apache-2.0
#include "inspect_names.h"

#include "cose.h"
#include "profile.h"

namespace liangma::inspection {
namespace {

constexpr KeyName kKeyNames[] = {
    {Keys::Header, cose::kHeaderAlg, "alg"},
    {Keys::Header, cose::kHeaderCrit, "crit"},
    {Keys::Header, cose::kHeaderKid, "kid"},
    {Keys::Header, cose::kHeaderKcwt, "kcwt"},
    {Keys::Header, cose::kHeaderTyp, "typ"},
    {Keys::Header, cose::kHeaderSdClaims, "sd_claims"},
    {Keys::Header, 170, "sd_alg"},
    {Keys::Claims, profile::kIss, "iss"},
    {Keys::Claims, profile::kSub, "sub"},
    {Keys::Claims, profile::kAud, "aud"},
    {Keys::Claims, profile::kExp, "exp"},
    {Keys::Claims, 5, "nbf"},
    {Keys::Claims, profile::kIat, "iat"},
    {Keys::Claims, 7, "cti"},
    {Keys::Claims, profile::kCnf, "cnf", Keys::Confirmation},
    {Keys::Claims, profile::kNonce, "cnonce"},
    {Keys::Claims, profile::kCode, "code", Keys::Code},
    {Keys::Claims, profile::kIdentity, "identity", Keys::Identity},
    {Keys::Claims, profile::kClock, "clock unconfirmed"},
    {Keys::Claims, profile::kRequest, "request", Keys::Ask},
    {Keys::Claims, profile::kTrust, "trust", Keys::Trust},
    {Keys::Confirmation, 1, "COSE_Key", Keys::CoseKey},
    {Keys::CoseKey, 1, "kty"},
    {Keys::CoseKey, -1, "crv"},
    {Keys::CoseKey, -2, "x"},
    {Keys::Code, 1, "colour"},
    {Keys::Code, 2, "region"},
    {Keys::Code, 3, "masked name"},
    {Keys::Code, 4, "ID tail"},
    {Keys::Code, 5, "status index"},
    {Keys::Code, 6, "[period, window]"},
    {Keys::Ask, 1, "purpose"},
    {Keys::Ask, 2, "wanted"},
    {Keys::Ask, 3, "answer to"},
    {Keys::Trust, 1, "version"},
    {Keys::Trust, 2, "roots"},
    {Keys::Trust, 3, "issuers", Keys::Issuer},
    {Keys::Trust, 4, "verifiers", Keys::Verifier},
    {Keys::Trust, 5, "scenes", Keys::Scene},
    {Keys::Issuer, 1, "id"},
    {Keys::Issuer, 2, "names"},
    {Keys::Issuer, 3, "keys, from, until"},
    {Keys::Issuer, 4, "status list"},
    {Keys::Issuer, 5, "[period, window, future]"},
    {Keys::Issuer, 6, "regions"},
    {Keys::Verifier, 1, "id"},
    {Keys::Verifier, 2, "names"},
    {Keys::Verifier, 3, "keys, from, until"},
    {Keys::Verifier, 4, "kind"},
    {Keys::Verifier, 5, "sealing key"},
    {Keys::Verifier, 6, "endpoints"},
    {Keys::Scene, 1, "id"},
    {Keys::Scene, 2, "names"},
    {Keys::Scene, 3, "assurance"},
    {Keys::Scene, 4, "window"},
    {Keys::Scene, 5, "pending, green, yellow, red"},
};

struct ValueName {
  Keys keys;
  std::int64_t key;
  std::int64_t value;
  std::string_view name;
};

constexpr ValueName kValueNames[] = {
    {Keys::Header, cose::kHeaderAlg, cose::kAlgEd25519, "Ed25519"},
    {Keys::Header, cose::kHeaderAlg, cose::kAlgEdDsa, "EdDSA"},
    {Keys::Header, cose::kHeaderAlg, -7, "ES256"},
    {Keys::Header, cose::kHeaderAlg, -37, "PS256"},
    {Keys::Header, cose::kHeaderTyp, profile::kTypSdCwt, "application/sd-cwt"},
    {Keys::Header, cose::kHeaderTyp, profile::kTypKeyBinding, "application/kb+cwt"},
    {Keys::CoseKey, 1, 1, "OKP"},
    {Keys::CoseKey, 1, 2, "EC2"},
    {Keys::CoseKey, -1, 1, "P-256"},
    {Keys::CoseKey, -1, 4, "X25519"},
    {Keys::CoseKey, -1, 6, "Ed25519"},
    {Keys::Code, 1, 0, "pending"},
    {Keys::Code, 1, 1, "green"},
    {Keys::Code, 1, 2, "yellow"},
    {Keys::Code, 1, 3, "red"},
    {Keys::Scene, 3, 2, "time"},
    {Keys::Scene, 3, 3, "challenge"},
};

}  // namespace

const KeyName* findKeyName(Keys keys, std::optional<std::int64_t> number) {
  for (const auto& known : kKeyNames)
    if (known.keys == keys && known.number == number) return &known;
  return nullptr;
}

std::string_view findValueName(Keys keys, std::optional<std::int64_t> key,
                               std::optional<std::int64_t> value) {
  for (const auto& known : kValueNames)
    if (known.keys == keys && known.key == key && known.value == value) return known.name;
  return {};
}

}  // namespace liangma::inspection
