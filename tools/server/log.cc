// SPDX-License-Identifier: Apache-2.0
#include "server/log.h"

#include <cstdio>
#include <ctime>
#include <string>

#include <unistd.h>

namespace liangma::server {
namespace {

std::string timestamp() {
  std::timespec now{};
  std::timespec_get(&now, TIME_UTC);
  std::tm utc{};
  ::gmtime_r(&now.tv_sec, &utc);
  char date[32];
  char text[48];
  std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text, sizeof text, "%s.%03ldZ", date, now.tv_nsec / 1000000);
  return text;
}

}  // namespace

void log(std::string_view event, const nlohmann::ordered_json& fields) {
  nlohmann::ordered_json line = {{"time", timestamp()}, {"event", event}};
  line.update(fields);
  const std::string text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  // One write per line, so that lines of several threads never mix. A log that is full stops nothing.
  [[maybe_unused]] const auto written = ::write(STDOUT_FILENO, text.data(), text.size());
}

}  // namespace liangma::server
