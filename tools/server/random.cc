// SPDX-License-Identifier: Apache-2.0
#include "server/random.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "cli/failure.h"
#include "cli/system_entropy.h"
#include "cli/text_codec.h"
#include "server/problem.h"

namespace liangma::server {

Bytes randomBytes(std::size_t size) {
  try {
    const tools::SystemEntropy entropy(size);
    return {entropy.bytes().begin(), entropy.bytes().end()};
  } catch (const tools::Failure& failure) {
    throw Problem{500, failure.id};
  }
}

std::string randomText(std::size_t size) {
  return tools::encodeBase64url(randomBytes(size));
}

std::string digestText(std::string_view secret) {
  ByteArray<32> digest{};
  if (EVP_Digest(secret.data(), secret.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw internalError();
  return tools::encodeBase64url(digest);
}

bool equalSecrets(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace liangma::server
