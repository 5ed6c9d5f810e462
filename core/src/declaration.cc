// SPDX-License-Identifier: Apache-2.0
#include "liangma/declaration.h"

#include <algorithm>
#include <set>

#include "date_time.h"
#include "profile.h"
#include "rules/json.h"

namespace liangma {
namespace {

using rules::Json;

constexpr std::size_t kMaxAnswerBytes = 200, kDateLength = 10;

bool isChoice(const FormField& field, const Json& value) {
  return value.is_string() && std::any_of(field.choices.begin(), field.choices.end(),
                                          [&](const auto& choice) { return value == choice.id; });
}

bool areChoices(const FormField& field, const Json& values) {
  std::set<std::string> different;
  return values.is_array() && std::all_of(values.begin(), values.end(), [&](const Json& each) {
           return isChoice(field, each) && different.insert(each.get<std::string>()).second;
         });
}

bool isDate(std::string_view text) {
  return text.size() == kDateLength && parseDateTime(text).has_value();
}

bool fits(const FormField& field, const Json& value) {
  const std::string_view text = value.is_string() ? value.get_ref<const std::string&>() : std::string_view();
  switch (field.type) {
    case FieldType::Choice:
      return isChoice(field, value);
    case FieldType::Choices:
      return areChoices(field, value);
    case FieldType::YesNo:
      return value.is_boolean();
    case FieldType::Text:
      return profile::isPlainText(text, kMaxAnswerBytes);
    case FieldType::Date:
      return isDate(text);
    case FieldType::Region:
      return profile::isRegion(text);
  }
  return false;
}

/// The first thing in which a declaration does not fit.
std::optional<PackFault> findFault(const DeclarationForm& form, const Json& declaration) {
  if (!declaration.is_object()) return PackFault{"", "an object is needed"};
  std::size_t known = 0;
  for (const auto& field : form.fields) {
    const auto found = declaration.find(field.id);
    known += found != declaration.end() ? 1 : 0;
    if (found == declaration.end() && field.isRequired) return PackFault{"/" + field.id, "is missing"};
    if (found != declaration.end() && !fits(field, *found))
      return PackFault{"/" + field.id, "is not what the form asks for"};
  }
  if (known != declaration.size()) return PackFault{"", "holds a member that the form does not have"};
  return std::nullopt;
}

}  // namespace

std::string_view fieldTypeId(FieldType type) {
  constexpr std::string_view kIds[] = {"choice", "choices", "yes-no", "text", "date", "region"};
  return kIds[static_cast<unsigned>(type) % std::size(kIds)];
}

Status checkDeclaration(const DeclarationForm& form, std::string_view json, PackFault* fault) {
  LIANGMA_TRY(const auto declaration, rules::parseJson(json));
  const auto found = findFault(form, declaration);
  if (!found) return success();
  if (fault != nullptr) *fault = *found;
  return Errc::DeclarationShape;
}

}  // namespace liangma
