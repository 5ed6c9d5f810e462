// SPDX-License-Identifier: Apache-2.0
// The input is [payload, disclosure…]. What resolves is deterministic CBOR again and resolves to itself,
// unless it holds redactions that were in disclosed values.
#include "fuzz.h"
#include "sd_cwt.h"

using namespace liangma;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = cbor::decode({data, size});
  if (!document.ok() || document->root().count() == 0 || !document->root().is(cbor::Type::Array)) return 0;
  std::vector<Bytes> disclosures;
  cbor::Item item = document->root().first().next();
  for (std::size_t i = 1; i < document->root().count(); ++i, item = item.next())
    if (const auto bytes = item.bytes()) disclosures.emplace_back(bytes->begin(), bytes->end());
  const auto resolved = sdcwt::resolveClaims(document->root().first(), disclosures);
  if (!resolved.ok()) return 0;
  const auto claims = cbor::decode(*resolved, {1 << 20, 64});
  fuzz::require(claims.ok(), "resolved claims are deterministic CBOR");
  const auto again = sdcwt::resolveClaims(claims->root(), {});
  fuzz::require(again.ok() && *again == *resolved, "nothing is left to resolve");
  return 0;
}
