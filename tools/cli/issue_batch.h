// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "liangma/bytes.h"
#include "liangma/credential.h"

namespace liangma::tools {

/// One process's share of a batch: the lines that begin in the n-th of `count` equal parts of the file.
struct Shard {
  std::uint32_t n = 1;
  std::uint32_t count = 1;
};

/// Reads "n/count", 1/1 to 65535/65535.
///
/// @throws Failure  cli.usage
Shard shardFromText(const std::string& text);

struct BatchJob {
  std::string
      people;       ///< NDJSON: a line as claims.json, with the device's public key; "-" reads standard input
  std::string out;  ///< NDJSON: a line for each line of `people`, in its order
  std::string issuer;
  UnixSeconds lifeSeconds = kMaxCredentialSeconds;
  std::optional<UnixSeconds> now;  ///< absent: the clock at each line
  std::optional<std::uint64_t>
      statusFrom;  ///< the first line's status index; absent: each line states its own
  Shard shard;
  unsigned threads = 0;  ///< 0: one for each core
};

/// What the file at `out` holds when a batch is over.
struct BatchReport {
  std::uint64_t issued = 0;
  std::uint64_t refused = 0;
  std::uint64_t resumedAfter = 0;  ///< lines that an earlier run had finished
};

/// Signs a credential for every line, on all cores, in constant memory.
///
/// Where `out` exists, a run of the same batch was ended early: its whole lines stay, a torn last one is cut
/// off, and the batch goes on behind them, so that nobody gets two codes. A line that is refused gets its
/// error's id, and the batch goes on. Progress is shown where standard error is a terminal.
///
/// @throws Failure  cli.file-unreadable, cli.file-unwritable, cli.batch-other: `out` belongs to another batch
BatchReport issueBatch(const BatchJob& job, const SigningKey& key);

}  // namespace liangma::tools
