// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "liangma/bytes.h"

namespace liangma::vectors {

using Json = nlohmann::ordered_json;

/// One file of tests/vectors: `{about, operation, input, expected, records}`; `input` and `expected` say what
/// the fields of a record's own `input` and `expected` mean.
struct File {
  std::string name;  ///< without ".json"
  Json content;
};

File base45Vectors();
File cborVectors();
File credentialVectors();
File issuerVectors();
File holderVectors();
File keyProofVectors();
File requestVectors();
File sealedVectors();
File statusVectors();
File trustVectors();
File vaultVectors();
File verifyVectors();

/// Every file, in the order of their names.
std::vector<File> allVectors();

/// Seeds for the fuzz targets: target -> name -> bytes.
std::map<std::string, std::map<std::string, Bytes>> allSeeds();

/// A record: what goes in, and what must come out.
Json record(std::string_view name, Json input, Json expected);
/// The fields with some of them changed or added; no changes: null or empty.
Json withChanges(Json fields, const Json& changes);
/// A record that must be refused with this id.
Json refusal(std::string_view name, Json input, std::string_view errorId);

}  // namespace liangma::vectors
