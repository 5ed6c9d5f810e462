// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "liangma/trust_list.h"

namespace liangma::server {

/// One trust list, checked when it was read.
struct TrustSnapshot {
  TrustList list;
  Bytes encoded;
  std::vector<PublicKey> roots;  ///< those that were pinned
};

/// The trust list that this server serves and decides by: the newest one in a file.
class TrustSource {
 public:
  /// @param file  roots, version and list, as `liangma trust` writes it
  /// @throws tools::Failure  unreadable, or a list that must not be trusted
  explicit TrustSource(std::filesystem::path file);

  std::shared_ptr<const TrustSnapshot> current() const;

  /// Takes a list that was put in place meanwhile; keeps the old one, and says so in the log, where the new
  /// one is not to be trusted or is older.
  void refresh();

 private:
  std::shared_ptr<const TrustSnapshot> read(std::uint64_t knownVersion) const;

  const std::filesystem::path file_;
  mutable std::mutex mutex_;
  std::shared_ptr<const TrustSnapshot> current_;
  std::filesystem::file_time_type changed_;
};

}  // namespace liangma::server
