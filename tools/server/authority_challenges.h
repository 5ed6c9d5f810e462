// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "liangma/bytes.h"

namespace liangma::server {

/// Nonces that a device has to answer. They are kept nowhere: each says itself until when it holds and that
/// it is the authority's, so that any process knows it, and nobody can fill a table by asking for them. Which
/// were used is in the database.
class Challenges {
 public:
  static constexpr std::size_t kBytes = 32;
  static constexpr UnixSeconds kSeconds = 300;

  explicit Challenges(ByteView secret32) : secret32_(secret32.begin(), secret32.end()) {}

  /// @param random8  eight random bytes
  /// @return base64url
  std::string make(ByteView random8, UnixSeconds now) const;

  /// When a nonce ends.
  /// @return absent: it is not the authority's, or has ended
  std::optional<UnixSeconds> end(const std::string& nonce, UnixSeconds now) const;

 private:
  const Bytes secret32_;
};

}  // namespace liangma::server
