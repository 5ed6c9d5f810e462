// SPDX-License-Identifier: Apache-2.0
#include "vectorgen/vectors.h"

namespace liangma::vectors {

Json record(std::string_view name, Json input, Json expected) {
  return {{"name", name}, {"input", std::move(input)}, {"expected", std::move(expected)}};
}

Json refusal(std::string_view name, Json input, std::string_view errorId) {
  return record(name, std::move(input), {{"error", errorId}});
}

Json withChanges(Json fields, const Json& changes) {
  if (changes.is_object()) fields.update(changes);
  return fields;
}

std::vector<File> allVectors() {
  return {base45Vectors(), cborVectors(),     credentialVectors(), holderVectors(),
          issuerVectors(), keyProofVectors(), requestVectors(),    sealedVectors(),
          statusVectors(), trustVectors(),    vaultVectors(),      verifyVectors()};
}

}  // namespace liangma::vectors
