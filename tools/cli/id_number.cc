// SPDX-License-Identifier: Apache-2.0
#include "cli/id_number.h"

#include <algorithm>

namespace liangma::tools {
namespace {

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

int number(std::string_view digits) {
  int value = 0;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

int daysIn(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

bool isDate(std::string_view digits8) {
  const int year = number(digits8.substr(0, 4));
  const int month = number(digits8.substr(4, 2));
  const int day = number(digits8.substr(6, 2));
  return year >= 1800 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

}  // namespace

char idNumberCheckCharacter(std::string_view digits17) {
  if (digits17.size() != 17 || !std::all_of(digits17.begin(), digits17.end(), isDigit)) return '\0';
  int power = 0;
  for (const char digit : digits17) power = (power + (digit - '0')) * 2 % 11;
  return "0123456789X"[(12 - power) % 11];
}

bool isIdNumber(std::string_view text) {
  if (text.size() != 18) return false;
  const char check = idNumberCheckCharacter(text.substr(0, 17));
  return check != '\0' && check == text[17] && isDate(text.substr(6, 8));
}

}  // namespace liangma::tools
