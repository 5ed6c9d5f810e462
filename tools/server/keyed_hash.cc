// SPDX-License-Identifier: Apache-2.0
#include "server/keyed_hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "cli/text_codec.h"
#include "server/problem.h"

namespace liangma::server {

std::string keyedHash(ByteView secret32, std::string_view purpose, std::string_view text) {
  std::string message(purpose);
  message += '\0';
  message += text;
  ByteArray<32> hash{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), secret32.data(), static_cast<int>(secret32.size()),
           reinterpret_cast<const unsigned char*>(message.data()), message.size(), hash.data(),
           &size) == nullptr)
    throw internalError();
  return tools::encodeBase64url(hash);
}

}  // namespace liangma::server
