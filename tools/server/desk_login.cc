// SPDX-License-Identifier: Apache-2.0
#include "server/desk_login.h"

#include <cctype>

#include "server/clock.h"
#include "server/json_body.h"
#include "server/problem.h"
#include "server/random.h"

namespace liangma::server {
namespace {

/// 32 characters: 5 bits each.
constexpr std::string_view kAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
constexpr std::size_t kCodeLetters = 10, kMaxTyped = 64, kSessionBytes = 24;

/// As somebody may have typed it: in small letters, with hyphens or blanks.
std::string tidyCode(const std::string& typed) {
  std::string code;
  for (const unsigned char c : typed)
    if (c != '-' && c != ' ') code.push_back(static_cast<char>(std::toupper(c)));
  return code;
}

}  // namespace

std::string DeskLogin::makeCode() {
  std::string code;
  for (const auto byte : randomBytes(kCodeLetters)) code.push_back(kAlphabet[byte % kAlphabet.size()]);
  const UnixSeconds now = unixNow();
  store_.transaction(
      [&](ClinicTables& tables) { tables.addLoginCode(digestText(code), now, now + kCodeSeconds); });
  return code;
}

Reply DeskLogin::open(const Call& call) {
  const std::string digest = digestText(tidyCode(JsonBody(call.body).text("code", kMaxTyped)));
  const std::string session = randomText(kSessionBytes);
  const UnixSeconds now = unixNow(), expiresAt = now + kSessionSeconds;
  store_.transaction([&](ClinicTables& tables) {
    if (!tables.takeLoginCode(digest, now)) throw Problem{403, "clinic.login-refused"};
    tables.addSession(digestText(session), now, expiresAt);
  });
  return jsonReply(201, {{"session", session}, {"expiresAt", expiresAt}});
}

std::string DeskLogin::require(const Call& call) {
  constexpr std::string_view kScheme = "Bearer ";
  if (!call.authorization.starts_with(kScheme)) throw unauthorized();
  std::string desk = digestText(call.authorization.substr(kScheme.size()));
  const bool known =
      store_.transaction([&](ClinicTables& tables) { return tables.hasSession(desk, unixNow()); });
  if (!known) throw unauthorized();
  return desk;
}

}  // namespace liangma::server
