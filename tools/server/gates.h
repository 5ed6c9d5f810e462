// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "liangma/trust_list.h"
#include "server/database.h"
#include "server/rate_limit.h"
#include "server/router.h"

namespace liangma::server {

/// A door's device that may ask for answers: which it is, and the key that it made itself.
struct GateEntry {
  std::string id;  ///< its verifier's in the trust list
  Names names;
  PublicKey key;
  ByteArray<32>
      sealingKey32{};  ///< nobody has its secret: a gate has no endpoint, so nothing is sealed to it
  UnixSeconds enrolledAt = 0;
};

/// The gates of an authority. An id belongs to one device: the next that is enrolled under it takes its
/// place.
class GateStore {
 public:
  static constexpr UnixSeconds kCodeSeconds = 24 * 3600;

  /// @param address    of the authority's database; see Database
  /// @throws Problem  server.storage
  GateStore(const std::string& address, std::string authority);

  /// Takes over the gates of a file that was made before they stood in the authority's database, and removes
  /// it; does nothing where it is not there.
  void adopt(const std::filesystem::path& file);

  /// Draws a code that lets one device enter its key under an id, once and within a day.
  ///
  /// @return 16 letters and digits that are not taken for one another
  std::string makeCode(const std::string& id, const Names& names, UnixSeconds now);

  /// Takes a device's key for a code. The same device may ask again, when the answer got lost.
  ///
  /// @return the gate's id; empty: the code is unknown, expired, or was used by another device
  std::string enrol(const std::string& code, const PublicKey& key, UnixSeconds now);

  /// Whether a code could still be used, by whomever.
  bool knows(const std::string& code, UnixSeconds now);

  std::vector<GateEntry> gates();

 private:
  const std::string authority_;
  Database database_;
};

/// What makes the tables of the gates: a step among the migrations of the authority's database.
Migration gateMigration();

/// What the trust list says of a gate.
TrustedVerifier verifierOf(const GateEntry& gate);

/// Answers POST /api/gates `{proof}` with 201 `{id}`: a key proof whose nonce is the code.
///
/// @param issuer        the proof's audience
/// @param store, limit  must outlive the router
void addGateRoutes(Router& router, GateStore& store, RateLimit& limit, const std::string& issuer);

}  // namespace liangma::server
