// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "cbor/reader.h"
#include "cbor/writer.h"
#include "liangma/base45.h"
#include "vectorgen/forge.h"
#include "vectorgen/vectors.h"
#include "vectorgen/world.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace liangma::fuzz {

/// Ends the run where something that must hold does not.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

inline std::string_view textOf(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline bool equal(ByteView a, ByteView b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

/// Whether vectorgen itself made, and signed, this very input.
inline bool isSeed(const char* target, ByteView input) {
  static const auto seeds = vectors::allSeeds();
  const auto& ours = seeds.at(target);
  return std::any_of(ours.begin(), ours.end(), [&](const auto& seed) { return equal(seed.second, input); });
}

/// Whether the input is worth signing: a map, as every payload of LM1 is.
inline bool isMap(ByteView input) {
  const auto document = cbor::decode(input, {1 << 20, 16});
  return document.ok() && document->root().is(cbor::Type::Map);
}

inline const TrustList& trust() {
  static const TrustList list = world::trust();
  return list;
}

/// A refusal shows nothing of the code; an error has an id of its own.
inline void requireSound(const Verdict& verdict) {
  const int number = static_cast<int>(verdict.reason);
  require(number >= 100 && number < 500, "the reason is about the code");
  require(verdict.decision == Decision::Refuse || verdict.code.has_value(), "what passes is shown");
  require(verdict.code.has_value() == (number >= 400), "what is shown has passed every check");
}

}  // namespace liangma::fuzz
