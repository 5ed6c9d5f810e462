// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/json_io.h"
#include "liangma/credential.h"
#include "liangma/key.h"
#include "liangma/region_pack.h"
#include "liangma/status_list.h"
#include "liangma/trust_list.h"
#include "liangma/verify.h"

namespace liangma::tools {

SigningKey readSigningKey(const std::string& path);
SealingKey readSealingKey(const std::string& path);

/// The public key that base64url text gives.
///
/// @throws Failure  cli.usage: not 32 bytes
PublicKey publicKeyFromArgument(const std::string& text, const std::string& option);

/// Reads a credential's file: the bytes of the SD-CWT and nothing else.
Credential readCredential(const std::string& path);

PersonClaims readPersonClaims(const std::string& path);
TrustFile readTrustFile(const std::string& path);

/// Opens the list of a trust file with the roots that the file pins.
Result<TrustList> openTrustFile(const TrustFile& trust, UnixSeconds now);

/// As openTrustFile(); a list that is not accepted ends the command with its id.
TrustList readTrust(const std::string& path, UnixSeconds now);

/// A refusal for this reason, before anything of the code was looked at.
Verdict refusal(Errc reason);

/// Verifies in a scene of the trust list; an empty id: in none.
Verdict verifyIn(const std::string& sceneId, std::string_view text, VerifyContext context);

/// Reads a region pack that the trust list names.
RegionPack readTrustedPack(const std::string& path, const TrustList& trust);

/// What a trust list says to name this pack.
TrustedPack trustedPackOf(const std::string& path);

/// Keeps a pack, and from the same folder its base, and so on.
///
/// @return the pack's region
std::string keepPackAndBases(const std::string& path, RegionPacks& packs);

/// Reads a status list of whichever issuer signed it.
StatusList readStatusList(const std::string& path, const TrustList& trust);

}  // namespace liangma::tools
