// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "server/authority.h"
#include "server/random.h"

namespace liangma::server {

inline constexpr UnixSeconds kIdempotentSeconds = 24 * 3600;

/// What the reply to a call is kept under: one device's Idempotency-Key at one call; absent where there is
/// none. The device is as the request claims: only what was verified gets a reply, so nobody can occupy
/// another's keys.
///
/// @throws Problem http.malformed
/// @source draft-ietf-httpapi-idempotency-key-header, 2.1
std::optional<std::string> replyName(const Call& call);

template <class Work>
Reply Authority::once(const Call& call, UnixSeconds now, Work work) {
  const auto name = replyName(call);
  const std::string digest = digestText(call.path + '\n' + call.body);
  const StoredReply reply = store_.transaction([&](AuthorityTables& tables) {
    if (name)
      if (auto stored = tables.findReply(*name, now)) return *stored;
    const Answer answer = work(tables);
    StoredReply fresh{digest, answer.status, answer.json.dump(), answer.resident};
    if (name) tables.storeReply(*name, fresh, now + kIdempotentSeconds);
    return fresh;
  });
  if (reply.requestDigest != digest) throw Problem{422, "http.idempotency-mismatch"};
  return {reply.status, "application/json", reply.body, {{"Cache-Control", "no-store"}}};
}

}  // namespace liangma::server
