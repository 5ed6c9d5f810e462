// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "server/authority.h"
#include "server/random.h"

namespace liangma::server {

inline constexpr UnixSeconds kIdempotentSeconds = 24 * 3600;

/// The value of an Idempotency-Key header, with or without its quotes; absent where there is none.
///
/// @throws Problem http.malformed
/// @source draft-ietf-httpapi-idempotency-key-header, 2.1
std::optional<std::string> idempotencyKey(const Call& call);

template <class Work>
Reply Authority::once(const Call& call, UnixSeconds now, Work work) {
  const auto key = idempotencyKey(call);
  const std::string digest = digestText(call.path + '\n' + call.body);
  const StoredReply reply = store_.transaction([&](AuthorityTables& tables) {
    if (key)
      if (auto stored = tables.findReply(*key, now)) return *stored;
    const Answer answer = work(tables);
    StoredReply fresh{digest, answer.status, answer.json.dump(), answer.resident};
    if (key) tables.storeReply(*key, fresh, now + kIdempotentSeconds);
    return fresh;
  });
  if (reply.requestDigest != digest) throw Problem{422, "http.idempotency-mismatch"};
  return {reply.status, "application/json", reply.body, {{"Cache-Control", "no-store"}}};
}

}  // namespace liangma::server
