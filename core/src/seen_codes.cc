// SPDX-License-Identifier: Apache-2.0
#include "liangma/seen_codes.h"

#include <cstring>

namespace liangma {
namespace {

constexpr std::size_t kFingerprintSize = 32;
constexpr std::size_t kRecordSize = kFingerprintSize + 8;

UnixSeconds readSeconds(ByteView bytes8) {
  std::uint64_t seconds = 0;
  for (const std::uint8_t byte : bytes8) seconds = seconds << 8 | byte;
  return static_cast<UnixSeconds>(seconds);
}

void appendSeconds(Bytes& out, UnixSeconds seconds) {
  for (int shift = 56; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(seconds) >> shift));
}

}  // namespace

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

Bytes SeenCodes::save(UnixSeconds now) const {
  Bytes saved;
  for (const auto& [fingerprint32, until] : until_) {
    if (until < now) continue;
    saved.insert(saved.end(), fingerprint32.begin(), fingerprint32.end());
    appendSeconds(saved, until);
  }
  return saved;
}

Status SeenCodes::load(ByteView saved, UnixSeconds now) {
  if (saved.size() % kRecordSize != 0) return Error{Errc::MisuseArgument, "seen-codes"};
  for (; !saved.empty(); saved = saved.subspan(kRecordSize)) {
    const UnixSeconds until = readSeconds(saved.subspan(kFingerprintSize, 8));
    if (until < now || until > now + kLongestSeconds) continue;
    ByteArray<32> fingerprint32;
    std::memcpy(fingerprint32.data(), saved.data(), kFingerprintSize);
    const Status added = remember(fingerprint32, now, until);
    if (!added.ok() && added.code() != Errc::ReplaySeen) return added;
  }
  return success();
}

void SeenCodes::forget(UnixSeconds now) {
  for (auto entry = until_.begin(); entry != until_.end();)
    entry = entry->second < now ? until_.erase(entry) : std::next(entry);
  nextSweep_ = now + 10;
}

}  // namespace liangma
