// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>
#include <iterator>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/inputs.h"
#include "cli/system_entropy.h"
#include "cli/text_codec.h"
#include "liangma/answer.h"

namespace liangma::tools {
namespace {

struct AnswerOptions {
  CommonOptions common;
  std::string request;
  std::string credential;
  std::string deviceKey;
  std::string trust;
  std::string agree;
  bool seal = false;
  TextOutput output;
};

constexpr const char* kFooter =
    R"(The request is answered only where the trust list vouches for who made it, and --agree
names exactly what it wants: to agree to more or to less is an error.
Who asks, and for what, is printed on standard error.)";

std::string seal(const std::string& answer, const TrustedRequest& request) {
  SystemEntropy entropy(32);
  return need(sealAnswer(answer, request.verifier.sealingKey32, entropy.get()));
}

OrderedJson summary(const TrustedRequest& request) {
  OrderedJson json = {{"verifier", request.claims.verifier},
                      {"purpose", request.claims.purpose},
                      {"wanted", identityClaimIds(request.claims.wanted)},
                      {"answerUrl", nullptr}};
  if (request.claims.answerUrl) json["answerUrl"] = *request.claims.answerUrl;
  return json;
}

void say(const TrustedRequest& request) {
  std::cerr << "liangma answer: " << printable(request.claims.verifier) << " asks for the code";
  for (const auto& id : identityClaimIds(request.claims.wanted)) std::cerr << ", " << id;
  std::cerr << "; purpose: " << printable(request.claims.purpose) << "\n";
}

std::string listed(const std::set<IdentityClaim>& claims) {
  std::string list;
  for (const auto& id : identityClaimIds(claims)) list += (list.empty() ? "" : ",") + id;
  return list;
}

std::set<IdentityClaim> without(const std::set<IdentityClaim>& all, const std::set<IdentityClaim>& some) {
  std::set<IdentityClaim> rest;
  std::set_difference(all.begin(), all.end(), some.begin(), some.end(), std::inserter(rest, rest.end()));
  return rest;
}

/// The resident agrees to the whole request or does not answer.
std::set<IdentityClaim> agreedTo(const TrustedRequest& request, const std::string& agree) {
  const auto& wanted = request.claims.wanted;
  const auto agreed = identityClaimsFromList(agree, "--agree");
  const auto withheld = without(wanted, agreed), unasked = without(agreed, wanted);
  const std::string all = "; to answer, --agree takes just what is wanted: " + listed(wanted);
  if (!unasked.empty())
    failBadData(errcId(Errc::DisclosureUnasked),
                "--agree: the request does not want " + listed(unasked) +
                    (wanted.empty() ? "; it wants the code alone, so leave --agree out" : all));
  if (!withheld.empty())
    failBadData(errcId(Errc::DisclosureMissing),
                "--agree: the request wants " + listed(withheld) + " too" + all);
  return agreed;
}

ExitCode answer(const AnswerOptions& options) {
  const auto now = options.common.clock();
  const auto trust = readTrust(options.trust, now);
  const auto request = need(openRequest(readText({options.request, ""}), trust, now), "request");
  if (!options.common.json) say(request);
  const auto credential = readCredential(options.credential);
  const auto key = readSigningKey(options.deviceKey);
  const auto agreed = agreedTo(request, options.agree);
  const auto text = need(makeAnswer(request, credential, key, agreed, now));
  printMadeText(options.seal ? seal(text, request) : text, options.output, options.common.json,
                summary(request));
  return ExitCode::Ok;
}

}  // namespace

void addAnswer(const Command& app, Chosen& chosen) {
  const auto command = app.add("answer", "Answer a request (LM1, or sealed LMS1), as the phone does");
  const auto options = command.runs(chosen, answer);
  command.required("--request", options->request, "TEXT|-", "The text of the request");
  command.file("--credential", options->credential, "The resident's credential");
  command.file("--device-key", options->deviceKey, "The device's key");
  command.file("--trust", options->trust, "Whom to trust, from 'liangma trust build'");
  command.optional("--agree", options->agree, "NAMES",
                   "The identity claims that the resident agrees to show");
  command.flag("--seal", options->seal, "Seal the answer, so that only the verifier can read it");
  command.qr(options->output);
  command.footer(kFooter);
}

}  // namespace liangma::tools
