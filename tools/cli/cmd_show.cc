// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/inputs.h"
#include "liangma/live_code.h"

namespace liangma::tools {
namespace {

struct ShowOptions {
  CommonOptions common;
  std::string credential;
  std::string deviceKey;
  bool unconfirmedClock = false;
  TextOutput output;
};

ExitCode show(const ShowOptions& options) {
  const auto credential = readCredential(options.credential);
  const auto key = readSigningKey(options.deviceKey);
  const auto clock = options.unconfirmedClock ? ClockTrust::Unconfirmed : ClockTrust::Confirmed;
  const auto now = options.common.clock();
  const auto text = need(makeLiveCode(credential, key, now, clock), options.credential);
  printMadeText(text, options.output, options.common.json,
                {{"issuedAt", now}, {"credentialExpiresAt", credential.expiresAt}});
  return ExitCode::Ok;
}

}  // namespace

void addShow(const Command& app, Chosen& chosen) {
  const auto command = app.add("show", "Make a live code (LM1) from a credential, as the phone does");
  const auto options = command.runs(chosen, show);
  command.required("--credential", options->credential, "FILE|-", "The credential, from 'liangma issue'");
  command.file("--device-key", options->deviceKey, "The device's key");
  command.flag("--unconfirmed-clock", options->unconfirmedClock,
               "Say in the code that this clock was never compared with a server's");
  command.qr(options->output);
  command.footer(
      "A gate takes the code for the seconds that the issuer's live policy allows, 20 by default.");
}

}  // namespace liangma::tools
