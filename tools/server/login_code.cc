// SPDX-License-Identifier: Apache-2.0
#include "server/login_code.h"

#include <cctype>
#include <string_view>

#include "server/random.h"

namespace liangma::server {
namespace {

/// 32 characters: 5 bits each.
constexpr std::string_view kAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
constexpr std::size_t kLetters = 10;

}  // namespace

std::string makeLoginCode() {
  std::string code;
  for (const auto byte : randomBytes(kLetters)) code.push_back(kAlphabet[byte % kAlphabet.size()]);
  return code;
}

std::string tidyLoginCode(const std::string& typed) {
  std::string code;
  for (const unsigned char c : typed)
    if (c != '-' && c != ' ') code.push_back(static_cast<char>(std::toupper(c)));
  return code;
}

}  // namespace liangma::server
