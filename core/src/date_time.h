// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace liangma {

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
struct DateTime {
  std::int64_t milliseconds = 0;
  friend auto operator<=>(const DateTime&, const DateTime&) = default;
};

/// Reads YYYY, YYYY-MM, YYYY-MM-DD, or a date with a time; a part that is missing is the last there is in it
/// (2004 is 2004-12-31), a missing time is midnight, a missing zone is UTC.
std::optional<DateTime> parseDateTime(std::string_view text);

enum class TimeUnit { Hour, Day, Month, Year };
/// "hour", "day", "month" or "year".
std::optional<TimeUnit> timeUnitFromId(std::string_view id);

/// Adds calendar time; a day that the month does not have becomes its last.
/// @return nothing outside the years 0 to 9999
std::optional<DateTime> plusTime(DateTime from, std::int64_t amount, TimeUnit unit);

/// "2021-06-01T00:00:00.000Z"
std::string formatDateTime(DateTime time);

}  // namespace liangma
