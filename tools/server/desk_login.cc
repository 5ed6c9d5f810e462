// SPDX-License-Identifier: Apache-2.0
#include "server/desk_login.h"

#include "server/clock.h"
#include "server/json_body.h"
#include "server/login_code.h"
#include "server/problem.h"
#include "server/random.h"

namespace liangma::server {
namespace {

constexpr std::size_t kSessionBytes = 24;

}  // namespace

std::string DeskLogin::makeCode() {
  std::string code = makeLoginCode();
  const UnixSeconds now = unixNow();
  store_.transaction(
      [&](ClinicTables& tables) { tables.addLoginCode(digestText(code), now, now + kCodeSeconds); });
  return code;
}

Reply DeskLogin::open(const Call& call) {
  const std::string digest = digestText(tidyLoginCode(JsonBody(call.body).text("code", kMaxLoginCode)));
  const std::string session = randomText(kSessionBytes);
  const UnixSeconds now = unixNow(), expiresAt = now + kSessionSeconds;
  store_.transaction([&](ClinicTables& tables) {
    if (!tables.takeLoginCode(digest, now)) throw Problem{403, "clinic.login-refused"};
    tables.addSession(digestText(session), now, expiresAt);
  });
  return jsonReply(201, {{"session", session}, {"expiresAt", expiresAt}});
}

Reply DeskLogin::close(const Call& call) {
  const std::string desk = require(call);
  store_.transaction([&](ClinicTables& tables) { tables.removeSession(desk); });
  return jsonReply(200, nlohmann::ordered_json::object());
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
