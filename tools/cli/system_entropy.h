// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "liangma/entropy.h"

namespace liangma::tools {

/// Random bytes of the operating system for one operation, wiped when it is over.
class SystemEntropy {
 public:
  /// @throws Failure  misuse.entropy-missing (refused): the system gave none
  explicit SystemEntropy(std::size_t size);
  SystemEntropy(const SystemEntropy&) = delete;
  SystemEntropy& operator=(const SystemEntropy&) = delete;
  ~SystemEntropy();

  Entropy& get() { return entropy_; }
  ByteView bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  Entropy entropy_;
};

}  // namespace liangma::tools
