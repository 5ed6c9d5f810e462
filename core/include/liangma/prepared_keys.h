// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "liangma/key.h"

namespace liangma {

/// The keys whose signatures a gate checks all day, each with tables that halve the work.
///
/// Gives the very answers that it would give without. Not for two threads at a time.
class PreparedKeys {
 public:
  /// Keys kept at most, 40 KB each; a new one takes the place of the oldest.
  static constexpr std::size_t kCapacity = 8;

  PreparedKeys();
  PreparedKeys(PreparedKeys&&) noexcept;
  PreparedKeys& operator=(PreparedKeys&&) noexcept;
  ~PreparedKeys();

  /// Checks an Ed25519 signature; the first one of a key takes twice as long, to prepare it.
  [[nodiscard]] bool verify(ByteView signature64, ByteView message, const PublicKey& key);

 private:
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

}  // namespace liangma
