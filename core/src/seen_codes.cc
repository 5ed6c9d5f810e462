// SPDX-License-Identifier: Apache-2.0
#include "liangma/seen_codes.h"

#include <cstring>

namespace liangma {

std::size_t SeenCodes::Hash::operator()(const ByteArray<32>& fingerprint32) const {
  std::size_t hash;
  std::memcpy(&hash, fingerprint32.data(), sizeof hash);
  return hash;
}

Status SeenCodes::remember(const ByteArray<32>& fingerprint32, UnixSeconds now, UnixSeconds until) {
  if (now >= nextSweep_ || until_.size() >= kCapacity) forget(now);
  if (until_.count(fingerprint32) > 0) return Errc::ReplaySeen;
  if (until_.size() >= kCapacity) return Error{Errc::Internal, "seen-codes"};
  until_.emplace(fingerprint32, until);
  return success();
}

void SeenCodes::forget(UnixSeconds now) {
  for (auto entry = until_.begin(); entry != until_.end();)
    entry = entry->second < now ? until_.erase(entry) : std::next(entry);
  nextSweep_ = now + 10;
}

}  // namespace liangma
