// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include "liangma/verify.h"

namespace liangma::test {

/// Remembers that a test met this id; at the end of the run refusal_registry.cc names those that none has
/// met.
void noteId(Errc code);

/// The id of a failure; "ok" for a success.
template <class T>
std::string_view refusalId(const Result<T>& result) {
  noteId(result.code());
  return errcId(result.code());
}

/// The reason of a verdict that refuses; else the decision.
inline std::string_view refusalId(const Verdict& verdict) {
  if (verdict.decision != Decision::Refuse) return decisionId(verdict.decision);
  noteId(verdict.reason);
  return errcId(verdict.reason);
}

/// "admit colour.green"
inline std::string summary(const Verdict& verdict) {
  noteId(verdict.reason);
  return std::string(decisionId(verdict.decision)) + " " + std::string(errcId(verdict.reason));
}

}  // namespace liangma::test

#define EXPECT_REFUSED(id, outcome) EXPECT_EQ(liangma::test::refusalId(outcome), id)
#define ASSERT_REFUSED(id, outcome) ASSERT_EQ(liangma::test::refusalId(outcome), id)
