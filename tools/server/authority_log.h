// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "server/authority_colours.h"

namespace liangma::server {

/// The id of the authority's own log: of its day heads, and of what it erased.
inline constexpr const char* kAuthorityChain = "AAAAAAAAAAAAAAAAAAAAAA";

/// Chains the records of all logs into one, and signs its head once a day. Writers never wait for it: it
/// comes behind them, in one process at a time.
class AuthorityLog {
 public:
  AuthorityLog(AuthorityStore& store, const Recorder& recorder);

  /// Does what is due; nothing while another process has the lease.
  ///
  /// @throws Problem server.storage
  void seal(UnixSeconds now);

  /// Days that are signed, as they are published; `put` gets the name, such as "log/2020-02-21.cbor".
  void publish(const std::function<void(const std::string& name, const Bytes& content)>& put);

 private:
  std::size_t sealSome(UnixSeconds now);
  void signDay(UnixSeconds now);

  AuthorityStore& store_;
  const Recorder& recorder_;
  const std::string holder_;
  std::int64_t publishedDay_ = -1;
};

/// What was found in a log.
struct LogReport {
  std::uint64_t logs = 0;  ///< of residents, staff and the authority
  std::uint64_t records = 0;
  std::uint64_t sealed = 0;         ///< in the authority's chain
  std::uint64_t days = 0;           ///< whose head is signed
  std::vector<std::string> faults;  ///< the log's id or position, and an error's id; at most 100
};

/// Checks every signature and every link of all logs and of the authority's chain.
LogReport verifyLog(AuthorityStore& store, const TrustContent& trust);

/// Removes what is older than `before` of one purpose, some at a time; each time with a record of how much
/// went, and a digest of its ids, in the authority's log.
///
/// @param purpose  "declaration", "facts", "appeal", "issuance" or "identity"
/// @return how much went
/// @throws Problem 400 http.malformed  another purpose
std::uint64_t erasePurpose(AuthorityStore& store, const Recorder& recorder, const std::string& purpose,
                           UnixSeconds before, UnixSeconds now);

}  // namespace liangma::server
