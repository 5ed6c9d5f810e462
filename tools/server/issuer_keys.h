// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/settings.h"
#include "server/trust_source.h"

namespace liangma::server {

/// Keys that sign for issuers.
class KeyRing {
 public:
  KeyRing() = default;
  KeyRing(const KeyRing&) = delete;
  KeyRing& operator=(const KeyRing&) = delete;
  virtual ~KeyRing() = default;
  /// The key to sign with at a time.
  /// @throws Problem  503 issuer.key-not-in-force: there is none
  virtual std::shared_ptr<const SigningKey> at(const std::string& issuer, UnixSeconds now) const = 0;
};

/// The keys by which an authority signs for its issuers. Which one of several is in use says the trust list.
class IssuerKeys final : public KeyRing {
 public:
  /// @param data  the folder of the settings, which are read again when they have changed
  /// @throws tools::Failure  a key cannot be read
  IssuerKeys(std::filesystem::path data, const TrustSource& trust);

  std::vector<std::string> issuers() const;

  /// Of the keys that the trust list says are in force, the one that came into force last.
  ///
  /// @throws Problem  503 issuer.key-not-in-force: there is none
  std::shared_ptr<const SigningKey> at(const std::string& issuer, UnixSeconds now) const override;

  /// Takes keys that were added meanwhile; keeps those it has, and says so in the log, where one of them
  /// cannot be read.
  void refresh();

 private:
  using Keys = std::map<std::string, std::vector<SigningKey>>;
  std::shared_ptr<const Keys> read() const;
  std::shared_ptr<const Keys> current() const;

  const std::filesystem::path data_;
  const TrustSource& trust_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Keys> keys_;
  std::filesystem::file_time_type changed_;
};

}  // namespace liangma::server
