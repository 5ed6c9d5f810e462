// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "liangma/trust_list.h"

namespace liangma {

/// What is wrong with a JSON text, and where.
struct PackFault {
  std::string place;  ///< JSON Pointer
  std::string message;
};

/// How a field of a form is filled in, and what a declaration holds for it: a choice's id, an array of them,
/// true or false, one line of text, "2020-02-21", or a division code.
enum class FieldType : std::uint8_t { Choice, Choices, YesNo, Text, Date, Region };
/// "choice", "choices", "yes-no", "text", "date" or "region".
std::string_view fieldTypeId(FieldType type);

struct FormChoice {
  std::string id;
  Names names;
};

struct FormField {
  std::string id;  ///< the member of a declaration
  Names names;
  FieldType type = FieldType::Text;
  bool isRequired = false;
  std::vector<FormChoice> choices;  ///< of Choice and Choices alone
};

/// What a region asks residents to declare.
struct DeclarationForm {
  std::string id;  ///< "health", "journey", "check-in" or another keyword
  Names names;
  std::vector<FormField> fields;
  bool isAssumption = false;  ///< this project's, not its source's
};

/// Checks that a declaration is one of this form: an object with every required member, and none that the
/// form does not have.
///
/// @param json   at most 1 MiB
/// @param fault  if not null, says what and where when it is refused, without what was declared
/// @error json.malformed, declaration.shape
/// @source SPEC.md 9.4
Status checkDeclaration(const DeclarationForm& form, std::string_view json, PackFault* fault = nullptr);

}  // namespace liangma
