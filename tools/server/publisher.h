// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "liangma/status_list.h"
#include "server/authority_store.h"
#include "server/issuer_keys.h"
#include "server/metrics.h"
#include "server/pack_folder.h"
#include "server/public_folder.h"
#include "server/settings.h"
#include "server/trust_source.h"

namespace liangma::server {

/// Puts into the public folder what gates need: the trust list, the packs that it names, and the status
/// lists of this authority's issuers.
class Publisher {
 public:
  /// @param authority    absent: no status lists
  /// @param packFolders  where packs are looked for
  /// @param store        the authority's; null: there is none
  Publisher(const std::optional<AuthoritySettings>& authority, std::vector<std::filesystem::path> packFolders,
            const TrustSource& trust, const IssuerKeys& keys, PublicFolder& folder, Metrics& metrics,
            AuthorityStore* store);

  /// Publishes what has changed, and signs the status lists anew where they are half way to being due.
  /// Called every few seconds. What fails is tried again the next time, and the log says so.
  void publish(UnixSeconds now);

  /// Whether this server can do its work: its trust list is in force and its tables answer.
  ///
  /// @throws Problem  503 trust.expired or another id of the trust list, server.storage
  void requireReady(UnixSeconds now);

 private:
  /// What the published status lists were made of.
  struct Published {
    std::uint64_t trustVersion = 0, lists = 0;
    UnixSeconds lastChange = 0, readAt = 0;
  };

  void publishTrust();
  void publishPacks(const TrustContent& trust);
  void publishStatusLists(UnixSeconds now);
  bool areDue(const Published& current) const;
  void signLists(const std::string& issuer, const std::vector<StatusBits>& lists, UnixSeconds now);
  void publishIndex(std::uint64_t lists);

  const std::optional<AuthoritySettings> authority_;
  const std::vector<std::filesystem::path> packFolders_;
  const TrustSource& trust_;
  const IssuerKeys& keys_;
  PublicFolder& folder_;
  Metrics& metrics_;
  AuthorityStore* const store_;
  std::uint64_t trustVersion_ = 0;
  Published published_;
};

}  // namespace liangma::server
