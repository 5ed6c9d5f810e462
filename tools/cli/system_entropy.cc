// SPDX-License-Identifier: Apache-2.0
#include "cli/system_entropy.h"

#include <cerrno>
#include <cstring>

#include <sys/random.h>

#include "cli/failure.h"

namespace liangma::tools {
namespace {

Bytes drawBytes(std::size_t size) {
  Bytes bytes(size);
  std::size_t drawn = 0;
  while (drawn < size) {
    const auto count = ::getrandom(bytes.data() + drawn, size - drawn, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail(Error{Errc::MisuseEntropy, {}}, "the system gives no random bytes");
    drawn += static_cast<std::size_t>(count);
  }
  return bytes;
}

}  // namespace

SystemEntropy::SystemEntropy(std::size_t size) : bytes_(drawBytes(size)), entropy_(bytes_) {}

SystemEntropy::~SystemEntropy() {
  ::explicit_bzero(bytes_.data(), bytes_.size());
}

}  // namespace liangma::tools
