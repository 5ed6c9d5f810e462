// SPDX-License-Identifier: Apache-2.0
#include "pack_contents.h"

#include <algorithm>

namespace liangma::packs {
namespace {

constexpr std::size_t kMaxForms = 16, kMaxFields = 64, kMaxChoices = 64, kMaxListings = 256,
                      kMaxPurposes = 32;
constexpr std::size_t kMaxUrlBytes = 512, kMaxPhoneBytes = 20;
constexpr std::uint64_t kMaxRetentionDays = 3650;
constexpr FieldType kFieldTypes[] = {FieldType::Choice, FieldType::Choices, FieldType::YesNo,
                                     FieldType::Text,   FieldType::Date,    FieldType::Region};

/// The name of a member of a declaration.
bool isFieldId(std::string_view text) {
  const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && text.size() <= 32 && isLetter(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return isLetter(c) || (c >= '0' && c <= '9'); });
}

bool isWebAddress(std::string_view text) {
  return text.starts_with("https://") && text.size() > 8 && text.size() <= kMaxUrlBytes &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return c > ' ' && c < 0x7F && c != '"' && c != '<' && c != '>' && c != '\\';
         });
}

/// As it is dialled: 12345, +86-571-12345678.
bool isPhone(std::string_view text) {
  return !text.empty() && text.size() <= kMaxPhoneBytes && (text.front() != '+' || text.size() > 1) &&
         text.find_first_not_of("0123456789-", text.front() == '+' ? 1 : 0) == text.npos;
}

std::optional<FieldType> fieldTypeFromId(std::string_view id) {
  for (const auto type : kFieldTypes)
    if (id == fieldTypeId(type)) return type;
  return std::nullopt;
}

FormChoice readChoice(const Json& json, const std::string& place, Faults& faults) {
  Members members(json, place, faults);
  FormChoice choice{members.text("id", profile::isKeyword), members.names("names")};
  members.finish();
  return choice;
}

void readChoices(Members& members, FormField& field, Faults& faults) {
  members.list("choices", kMaxChoices, [&](const Json& each, const std::string& place) {
    field.choices.push_back(readChoice(each, place, faults));
  });
  if (field.choices.empty()) members.fail("choices", "at least one is needed");
  refuseTwins(
      field.choices, members.placeOf("choices"), [](const FormChoice& each) { return each.id; }, faults);
}

FormField readField(const Json& json, const std::string& place, Faults& faults) {
  Members members(json, place, faults);
  FormField field;
  field.id = members.text("id", isFieldId);
  field.names = members.names("names");
  const auto type = members.text("type", [](std::string_view id) { return fieldTypeFromId(id).has_value(); });
  field.type = fieldTypeFromId(type).value_or(FieldType::Text);
  field.isRequired = members.flag("required");
  if (field.type == FieldType::Choice || field.type == FieldType::Choices)
    readChoices(members, field, faults);
  members.finish();
  return field;
}

DeclarationForm readForm(const Json& json, const std::string& place, Faults& faults) {
  Members members(json, place, faults);
  DeclarationForm form;
  form.id = members.text("id", profile::isKeyword);
  form.names = members.names("names");
  members.list("fields", kMaxFields, [&](const Json& each, const std::string& fieldPlace) {
    form.fields.push_back(readField(each, fieldPlace, faults));
  });
  form.isAssumption = members.origin();
  members.finish();
  refuseTwins(
      form.fields, members.placeOf("fields"), [](const FormField& each) { return each.id; }, faults);
  return form;
}

/// Which members a listing of a kind has, and which it needs.
struct ListingShape {
  ListingKind kind;
  const char* member;
  bool needsUrl, needsPhone, needsText;
};
constexpr ListingShape kListings[] = {{ListingKind::Service, "services", true, false, false},
                                      {ListingKind::Hospital, "hospitals", false, false, false},
                                      {ListingKind::HelpLine, "helpLines", false, true, false},
                                      {ListingKind::News, "news", false, false, true}};

Listing readListing(const ListingShape& shape, const Json& json, const std::string& place, Faults& faults) {
  Members members(json, place, faults);
  Listing listing;
  listing.kind = shape.kind;
  listing.id = members.text("id", profile::isKeyword);
  listing.names = members.names("names");
  if (shape.needsUrl || members.has("url")) listing.url = members.text("url", isWebAddress);
  if (shape.needsPhone || members.has("phone")) listing.phone = members.text("phone", isPhone);
  if (shape.kind == ListingKind::Hospital && members.has("verifier"))
    listing.verifier = members.text("verifier", profile::isPartyId);
  if (shape.needsText) listing.text = members.names("text");
  if (shape.needsText) listing.publishedAt = members.time("publishedAt");
  listing.isAssumption = members.origin();
  members.finish();
  return listing;
}

void readListings(const ListingShape& shape, Members& pack, std::vector<Listing>& listings, Faults& faults) {
  if (!pack.has(shape.member)) return;
  std::vector<Listing> read;
  pack.list(shape.member, kMaxListings, [&](const Json& each, const std::string& place) {
    read.push_back(readListing(shape, each, place, faults));
  });
  refuseTwins(
      read, pack.placeOf(shape.member), [](const Listing& each) { return each.id; }, faults);
  std::move(read.begin(), read.end(), std::back_inserter(listings));
}

Retention readRetention(const Json& json, const std::string& place, Faults& faults) {
  Members members(json, place, faults);
  Retention retention;
  retention.purpose = members.text("purpose", profile::isKeyword);
  retention.days = static_cast<std::uint32_t>(members.number("days", 1, kMaxRetentionDays));
  retention.names = members.names("names");
  retention.isAssumption = members.origin();
  members.finish();
  return retention;
}

}  // namespace

Contents readContents(Members& pack, Faults& faults) {
  Contents contents;
  if (pack.has("forms"))
    pack.list("forms", kMaxForms, [&](const Json& each, const std::string& place) {
      contents.forms.push_back(readForm(each, place, faults));
    });
  for (const auto& shape : kListings) readListings(shape, pack, contents.listings, faults);
  if (pack.has("retention"))
    pack.list("retention", kMaxPurposes, [&](const Json& each, const std::string& place) {
      contents.retention.push_back(readRetention(each, place, faults));
    });
  refuseTwins(
      contents.forms, "/forms", [](const DeclarationForm& each) { return each.id; }, faults);
  refuseTwins(
      contents.retention, "/retention", [](const Retention& each) { return each.purpose; }, faults);
  return contents;
}

}  // namespace liangma::packs
