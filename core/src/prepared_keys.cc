// SPDX-License-Identifier: Apache-2.0
#include "liangma/prepared_keys.h"

#include "crypto/crypto.h"
#include "crypto/prepared_key.h"

namespace liangma {
namespace {

struct Free {
  void operator()(LiangmaMultiples* multiples) const { liangmaFreeMultiples(multiples); }
};
using Multiples = std::unique_ptr<LiangmaMultiples, Free>;

}  // namespace

struct PreparedKeys::Tables {
  struct Entry {
    PublicKey key;
    Multiples multiples;
  };

  /// The key's multiples; null if it cannot be prepared.
  const LiangmaMultiples* find(const PublicKey& key) {
    for (const auto& entry : entries)
      if (entry.multiples && entry.key == key) return entry.multiples.get();
    auto& entry = entries[next++ % kCapacity];
    entry = {key, Multiples(liangmaPrepareKey(key.raw32().data()))};
    return entry.multiples.get();
  }

  Multiples base{liangmaPrepareBase()};
  std::array<Entry, kCapacity> entries;
  std::size_t next = 0;
};

PreparedKeys::PreparedKeys() = default;
PreparedKeys::PreparedKeys(PreparedKeys&&) noexcept = default;
PreparedKeys& PreparedKeys::operator=(PreparedKeys&&) noexcept = default;
PreparedKeys::~PreparedKeys() = default;

bool PreparedKeys::verify(ByteView signature64, ByteView message, const PublicKey& key) {
  if (signature64.size() != 64) return false;
  if (!tables_) tables_ = std::make_unique<Tables>();
  const auto* multiples = tables_->find(key);
  if (multiples == nullptr || !tables_->base) return crypto::verify(signature64, message, key.raw32());
  return liangmaVerifyPrepared(tables_->base.get(), multiples, key.raw32().data(), signature64.data(),
                               message.data(), message.size()) == 0;
}

}  // namespace liangma
