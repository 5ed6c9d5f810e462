// SPDX-License-Identifier: Apache-2.0
#include "cli/json_io.h"

namespace liangma::tools {

std::string jsonLine(const OrderedJson& value) {
  return value.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

std::string jsonPage(const OrderedJson& value) {
  return value.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

OrderedJson verdictToJson(const Verdict& verdict) {
  OrderedJson json = {{"verdict", decisionId(verdict.decision)},
                      {"reason", errcId(verdict.reason)},
                      {"advice", nullptr},
                      {"assurance", assuranceId(verdict.assurance)},
                      {"colour", nullptr},
                      {"region", nullptr},
                      {"name", nullptr},
                      {"idTail", nullptr},
                      {"issuer", nullptr},
                      {"expiresAt", nullptr},
                      {"ageSeconds", nullptr},
                      {"identity", nullptr}};
  if (!verdict.advice.empty()) json["advice"] = verdict.advice;
  if (verdict.ageSeconds) json["ageSeconds"] = *verdict.ageSeconds;
  if (verdict.agreement)
    json["agreement"] = {{"id", verdict.agreement->id},
                         {"path", recognitionPathId(verdict.agreement->path)},
                         {"rules", verdict.agreement->underHostRules ? "host" : "issuer"}};
  if (verdict.agreement && verdict.agreement->group) json["agreement"]["group"] = *verdict.agreement->group;
  if (!verdict.rule.empty()) json["rule"] = verdict.rule;
  if (!verdict.code) return json;
  const VerifiedCode& code = *verdict.code;
  json["colour"] = colourId(code.colour);
  json["region"] = code.region;
  json["name"] = code.maskedName;
  json["idTail"] = code.idTail;
  json["issuer"] = code.issuer;
  json["expiresAt"] = code.expiresAt;
  if (!code.identity.empty()) json["identity"] = identityToJson(code.identity);
  return json;
}

}  // namespace liangma::tools
