// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "liangma/bytes.h"

namespace liangma::server {

/// This machine's time in milliseconds since 1970. There is no way to give the server another one.
inline std::int64_t unixMilliseconds() {
  using std::chrono::duration_cast;
  return duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

inline UnixSeconds unixNow() {
  return unixMilliseconds() / 1000;
}

}  // namespace liangma::server
