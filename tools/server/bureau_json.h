// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "liangma/region_pack.h"
#include "liangma/trust_list.h"
#include "server/authority_cases.h"

namespace liangma::server {

/// What the bureau's pages get, as tools/server/openapi.yaml describes it.
nlohmann::ordered_json toJson(const Case& one);
/// `{records: […]}`
nlohmann::ordered_json toJson(const std::vector<LogEntry>& entries);
nlohmann::ordered_json toJson(const Appeal& appeal);
nlohmann::ordered_json toJson(const ImportResult& result);
nlohmann::ordered_json toJson(const Counts& counts);

/// A change that a rule makes once a fact of a kind is known.
nlohmann::ordered_json choiceJson(const std::string& kind, const Colouring& coloured);

/// `{rules: [{rule, description}], regions: {number: names}}`: the rules that speak at places, and every
/// region that has a name.
nlohmann::ordered_json wordsOfRules(const RegionPacks& packs, const std::vector<std::string>& places,
                                    const std::vector<TrustedPack>& trusted);

}  // namespace liangma::server
