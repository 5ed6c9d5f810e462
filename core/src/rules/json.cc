// SPDX-License-Identifier: Apache-2.0
#include "rules/json.h"

#include <set>

namespace liangma::rules {
namespace {

/// Watches a parser for a member that comes twice in one object.
class Watch {
 public:
  bool isGood() const { return isGood_; }

  bool operator()(Json::parse_event_t event, const Json& parsed) {
    using Event = Json::parse_event_t;
    if (event == Event::object_start) open_.emplace_back();
    if (event == Event::object_end) open_.pop_back();
    if (event == Event::key && !open_.back().insert(parsed.get_ref<const std::string&>()).second)
      isGood_ = false;
    return true;
  }

 private:
  std::vector<std::set<std::string>> open_;
  bool isGood_ = true;
};

/// Whether a text begins with no byte order mark and holds no NUL, behind which the parser would not look.
bool isWhole(std::string_view text) {
  return !text.starts_with("\xef\xbb\xbf") && text.find('\0') == std::string_view::npos;
}

/// Whether no more than kMaxJsonDepth brackets are open at once; those inside strings do not count.
bool isShallow(std::string_view text) {
  std::size_t depth = 0;
  bool inString = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && inString) ++i;
    if (c == '"') inString = !inString;
    if (inString) continue;
    if ((c == '[' || c == '{') && ++depth > kMaxJsonDepth) return false;
    if ((c == ']' || c == '}') && depth > 0) --depth;
  }
  return true;
}

}  // namespace

Result<Json> parseJson(std::string_view text) {
  if (text.size() > kMaxJsonBytes || !isWhole(text) || !isShallow(text)) return Errc::JsonMalformed;
  Watch watch;
  auto json = Json::parse(
      text.begin(), text.end(),
      [&](int, Json::parse_event_t event, Json& parsed) { return watch(event, parsed); }, false);
  if (json.is_discarded() || !watch.isGood()) return Errc::JsonMalformed;
  return json;
}

}  // namespace liangma::rules
