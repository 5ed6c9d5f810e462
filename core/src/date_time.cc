// SPDX-License-Identifier: Apache-2.0
#include "date_time.h"

#include <algorithm>

namespace liangma {
namespace {

constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;

struct Date {
  std::int64_t year;
  int month;  ///< 1..12
  int day;    ///< 1..31
};

bool isLeap(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int daysIn(std::int64_t year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && isLeap(year) ? 29 : kDays[month - 1];
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar; the year begins in March.
std::int64_t daysFromDate(Date date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t yearOfEra = year - era * 400;
  const std::int64_t dayOfYear = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

Date dateFromDays(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t dayOfEra = days - era * 146097;
  const std::int64_t yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const int shifted = static_cast<int>((5 * dayOfYear + 2) / 153);
  const int month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
          static_cast<int>(dayOfYear - (153 * shifted + 2) / 5 + 1)};
}

/// Reads text from the front; every step says whether what it wanted was there.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool number(std::size_t digits, int& value) {
    if (rest_.size() < digits) return false;
    value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return true;
  }
  bool take(char wanted) {
    if (rest_.empty() || rest_[0] != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool done() const { return rest_.empty(); }
  bool nextIsDigit() const { return !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; }

 private:
  std::string_view rest_;
};

bool readDate(Scanner& scan, Date& date) {
  int year;
  if (!scan.number(4, year)) return false;
  date = {year, 12, 31};
  if (scan.done()) return true;
  if (!scan.take('-') || !scan.number(2, date.month) || date.month < 1 || date.month > 12) return false;
  date.day = daysIn(year, date.month);
  if (scan.done()) return true;
  return scan.take('-') && scan.number(2, date.day) && date.day >= 1 && date.day <= daysIn(year, date.month);
}

/// Reads hh:mm[:ss[.fraction]].
bool readClock(Scanner& scan, std::int64_t& milliseconds) {
  int hour, minute, second = 0;
  if (!scan.number(2, hour) || !scan.take(':') || !scan.number(2, minute)) return false;
  if (scan.take(':') && !scan.number(2, second)) return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  milliseconds = hour * kHour + minute * kMinute + second * kSecond;
  if (!scan.take('.')) return true;
  int digit;
  for (std::int64_t weight = 100; scan.number(1, digit); weight /= 10) milliseconds += digit * weight;
  return true;
}

/// Reads Z, +hh, +hhmm or +hh:mm; nothing is UTC.
bool readZone(Scanner& scan, std::int64_t& offset) {
  offset = 0;
  if (scan.done() || scan.take('Z') || scan.take('z')) return true;
  const bool negative = scan.take('-');
  if (!negative && !scan.take('+')) return false;
  int hour, minute = 0;
  if (!scan.number(2, hour)) return false;
  const bool colon = scan.take(':');
  if ((colon || scan.nextIsDigit()) && !scan.number(2, minute)) return false;
  if (hour > 23 || minute > 59) return false;
  offset = (hour * kHour + minute * kMinute) * (negative ? -1 : 1);
  return true;
}

std::optional<DateTime> plusMonths(DateTime from, std::int64_t months) {
  std::int64_t days = from.milliseconds / kDay;
  if (from.milliseconds % kDay < 0) --days;
  const std::int64_t time = from.milliseconds - days * kDay;
  Date date = dateFromDays(days);
  const std::int64_t total = date.year * 12 + date.month - 1 + months;
  if (total < 0 || total >= 120000) return std::nullopt;
  date.year = total / 12;
  date.month = static_cast<int>(total % 12) + 1;
  date.day = std::min(date.day, daysIn(date.year, date.month));
  return DateTime{daysFromDate(date) * kDay + time};
}

/// A number with zeros before it.
std::string digits(std::int64_t number, std::size_t least) {
  auto text = std::to_string(number);
  if (text.size() < least) text.insert(0, least - text.size(), '0');
  return text;
}

std::optional<DateTime> inRange(std::int64_t milliseconds) {
  if (milliseconds < -62167219200000 || milliseconds > 253402300799999) return std::nullopt;
  return DateTime{milliseconds};
}

}  // namespace

std::optional<DateTime> parseDateTime(std::string_view text) {
  Scanner scan(text);
  Date date;
  if (!readDate(scan, date)) return std::nullopt;
  const std::int64_t midnight = daysFromDate(date) * kDay;
  if (scan.done()) return DateTime{midnight};
  std::int64_t time, offset;
  if (!scan.take('T') || !readClock(scan, time) || !readZone(scan, offset) || !scan.done())
    return std::nullopt;
  return inRange(midnight + time - offset);
}

std::optional<TimeUnit> timeUnitFromId(std::string_view id) {
  if (id == "hour") return TimeUnit::Hour;
  if (id == "day") return TimeUnit::Day;
  if (id == "month") return TimeUnit::Month;
  if (id == "year") return TimeUnit::Year;
  return std::nullopt;
}

std::optional<DateTime> plusTime(DateTime from, std::int64_t amount, TimeUnit unit) {
  constexpr std::int64_t kMaxAmount = 100'000'000;
  if (amount < -kMaxAmount || amount > kMaxAmount) return std::nullopt;
  switch (unit) {
    case TimeUnit::Hour:
      return inRange(from.milliseconds + amount * kHour);
    case TimeUnit::Day:
      return inRange(from.milliseconds + amount * kDay);
    case TimeUnit::Month:
      return plusMonths(from, amount);
    default:
      return plusMonths(from, amount * 12);
  }
}

std::string formatDateTime(DateTime time) {
  std::int64_t days = time.milliseconds / kDay;
  if (time.milliseconds % kDay < 0) --days;
  const Date date = dateFromDays(days);
  const std::int64_t rest = time.milliseconds - days * kDay;
  return digits(date.year, 4) + '-' + digits(date.month, 2) + '-' + digits(date.day, 2) + 'T' +
         digits(rest / kHour, 2) + ':' + digits(rest % kHour / kMinute, 2) + ':' +
         digits(rest % kMinute / kSecond, 2) + '.' + digits(rest % kSecond, 3) + 'Z';
}

}  // namespace liangma
