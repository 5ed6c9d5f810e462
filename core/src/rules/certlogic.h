// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "rules/json.h"

/// CertLogic, the EU's language for business rules: a subset of JsonLogic with dates.
namespace liangma::rules {

/// What is wrong with an expression, and where.
struct Fault {
  std::string place;  ///< JSON Pointer into the expression; "" is the expression itself
  std::string message;
};

/// Finds the first thing that makes an expression no CertLogic: unknown operators, operand counts, data
/// paths, literals that are neither string, integer nor boolean, nesting deeper than kMaxExpressionDepth.
std::optional<Fault> findFault(const Json& expression);

inline constexpr int kMaxExpressionDepth = 32;
/// What one evaluation may take: operations, and the values, 64 characters each, that it copies.
inline constexpr std::size_t kMaxSteps = 20000;

/// Evaluates an expression.
///
/// @param data  as parseJson() reads it: nested no deeper than it allows
/// @return  JSON; a date-time becomes its ISO 8601 text in UTC
/// @error   rule.malformed  findFault() would find something, where the evaluation comes by
/// @error   rule.type    an operand has a type that the operator does not take
/// @error   rule.budget  more than kMaxSteps
/// @source  SPEC.md 9.3; the EU's CertLogic specification
Result<Json> evaluate(const Json& expression, const Json& data);

}  // namespace liangma::rules
