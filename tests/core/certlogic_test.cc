// SPDX-License-Identifier: Apache-2.0
#include "rules/certlogic.h"

#include "date_time.h"
#include "fixture.h"
#include "refusal.h"

namespace liangma::test {
namespace {

using rules::Json;

Json json(std::string_view text) {
  return rules::parseJson(text).value();
}

/// What an expression gives, or the id of why not.
std::string valueOf(std::string_view expression, std::string_view data = "{}") {
  const auto value = rules::evaluate(json(expression), json(data));
  return value.ok() ? value->dump() : std::string(refusalId(value));
}

std::string faultOf(std::string_view expression) {
  const auto fault = rules::findFault(json(expression));
  return fault ? fault->place : "none";
}

/// `core` inside as many `!` as make the whole that deep.
std::string nested(int depth, const std::string& core = "true") {
  std::string text = core;
  for (int i = 1; i < depth; ++i) text = R"({"!":[)" + text + "]}";
  return text;
}

TEST(CertLogicTest, EvaluatesARuleOverItsData) {
  const auto rule = R"({"if":[{"===":[{"var":"code.colour"},"yellow"]},"refuse",false]})";
  EXPECT_EQ(valueOf(rule, R"({"code":{"colour":"yellow"}})"), "\"refuse\"");
  EXPECT_EQ(valueOf(rule, R"({"code":{"colour":"green"}})"), "false");
  EXPECT_EQ(valueOf(R"({"plusTime":["2020-02-29",1,"year"]})"), "\"2021-02-28T00:00:00.000Z\"");
}

TEST(CertLogicTest, NamesThePlaceOfAFault) {
  EXPECT_EQ(faultOf("3.5"), "");
  EXPECT_EQ(faultOf(R"({"if":[true,{"or":[1,2]},false]})"), "/if/1");
  EXPECT_EQ(faultOf(R"({"and":[true,{"<":[1]}]})"), "/and/1");
  EXPECT_EQ(faultOf(R"({"var":"a..b"})"), "");
  EXPECT_EQ(faultOf(R"([1,[2,null]])"), "/1/1");
  EXPECT_EQ(faultOf(R"({"plusTime":[{"var":"now"},1,"week"]})"), "");
}

TEST(CertLogicTest, RefusesRulesThatAreTooDeep) {
  EXPECT_EQ(faultOf(nested(rules::kMaxExpressionDepth / 2)), "none");
  EXPECT_NE(faultOf(nested(rules::kMaxExpressionDepth + 1)), "none");
}

TEST(CertLogicTest, TakesIntegersOf64Bits) {
  EXPECT_EQ(valueOf(R"({"===":[9223372036854775807,-9223372036854775808]})"), "false");
  for (const auto rule : {"9223372036854775807", "-9223372036854775808"}) EXPECT_EQ(faultOf(rule), "none");
  for (const auto rule : {"9223372036854775808", "18446744073709551615", "-9223372036854775809", "1.5",
                          R"({"plusTime":["2020-01-01",9223372036854775808,"day"]})",
                          R"({"extractFromUVCI":["x",9223372036854775808]})"})
    EXPECT_NE(faultOf(rule), "none") << rule;
}

TEST(CertLogicTest, NeverEvaluatesWhatIsNoRule) {
  for (const auto rule : {R"({"or":[true,false]})", R"({"<":[1]})", R"({"var":1})", R"({"a":1,"b":2})",
                          R"({"plusTime":["2020-01-01","1","day"]})", R"({"and":true})"})
    EXPECT_EQ(valueOf(rule), "rule.malformed") << rule;
}

TEST(CertLogicTest, RefusesOperandsOfAnotherType) {
  for (const auto rule :
       {R"({"<":["a",1]})", R"({"+":[1,"1"]})", R"({"in":[1,2]})", R"({"after":["2020-01-01","2019-01-01"]})",
        R"({"reduce":["x",1,1]})", R"({"plusTime":["soon",1,"day"]})", R"({"+":[9223372036854775807,1]})",
        R"({"<":[18446744073709551615,1]})"})
    EXPECT_EQ(valueOf(rule), "rule.type") << rule;
}

TEST(CertLogicTest, NoRuleHangsAGate) {
  std::string list = "[0";
  for (int i = 1; i < 2000; ++i) list += ",0";
  list += "]";
  const auto data = R"({"list":)" + list + "}";
  const auto count = R"({"reduce":[{"var":"list"},{"+":[{"var":"accumulator"},1]},0]})";
  EXPECT_EQ(valueOf(count, data), "2000");
  const auto squared =
      R"({"reduce":[{"var":"list"},{"reduce":[{"var":"data.list"},{"+":[{"var":"accumulator"},1]},0]},0]})";
  EXPECT_EQ(valueOf(squared, data), "rule.budget");
  const auto doubling =
      R"({"reduce":[{"var":"list"},[{"var":"accumulator"},{"var":"accumulator"}],"a long enough text"]})";
  EXPECT_EQ(valueOf(doubling, data), "rule.budget");
  const auto text = R"({"list":)" + list + R"(,"text":")" + std::string(100000, 'x') + "\"}";
  EXPECT_EQ(valueOf(R"({"reduce":[{"var":"list"},{"var":"data.text"},0]})", text), "rule.budget");
}

TEST(CertLogicTest, ReadsJsonStrictly) {
  for (const auto text : {"", "{", "[1,]", "{\"a\":1,\"a\":2}", "nul", "\"\xff\"", "1 2", "// 1\n1", "[NaN]"})
    EXPECT_REFUSED("json.malformed", rules::parseJson(text)) << text;
  for (const auto text : {std::string_view("1\0", 2), std::string_view("{}\0\"hidden", 10),
                          std::string_view("\0", 1), std::string_view("\xef\xbb\xbf{}")})
    EXPECT_REFUSED("json.malformed", rules::parseJson(text)) << text;
  EXPECT_REFUSED("ok", rules::parseJson(R"({"a":{"a":[1]},"b":"[[[[\"{{"})"));
  const auto deep = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_REFUSED("ok", rules::parseJson(deep(rules::kMaxJsonDepth)));
  EXPECT_REFUSED("json.malformed", rules::parseJson(deep(rules::kMaxJsonDepth + 1)));
  EXPECT_REFUSED("json.malformed", rules::parseJson(deep(200000)));
  EXPECT_REFUSED("json.malformed", rules::parseJson("\"" + std::string(rules::kMaxJsonBytes, 'x') + "\""));
}

TEST(DateTimeTest, ReadsDatesAndTimes) {
  const auto seconds = [](std::string_view text) { return parseDateTime(text).value().milliseconds / 1000; };
  EXPECT_EQ(seconds("2020-02-21T00:00:00Z"), kNow);
  EXPECT_EQ(seconds("2020-02-21T08:00:00+08:00"), kNow);
  EXPECT_EQ(seconds("2020-02-21"), kNow);
  EXPECT_EQ(seconds("2020-02"), kNow + 8 * 86400);
  EXPECT_EQ(formatDateTime({kNow * 1000 + 7}), "2020-02-21T00:00:00.007Z");
  for (const auto text :
       {"", "20", "2020-13", "2021-02-29", "2020-02-21T24:00Z", "2020-02-21T00:00:00+8", "2020-02-21 "})
    EXPECT_FALSE(parseDateTime(text).has_value()) << text;
}

TEST(DateTimeTest, CountsEveryDayOfFourCenturies) {
  DateTime day = parseDateTime("1800-01-01").value();
  for (int i = 0; i < 146097; ++i, day.milliseconds += 86400000)
    ASSERT_EQ(parseDateTime(formatDateTime(day)), day);
  EXPECT_EQ(formatDateTime(day).substr(0, 10), "2200-01-01");
}

TEST(DateTimeTest, AddsMonthsAndYearsByTheCalendar) {
  const auto plus = [](std::string_view text, std::int64_t amount, TimeUnit unit) {
    const auto sum = plusTime(parseDateTime(text).value(), amount, unit);
    return sum ? formatDateTime(*sum).substr(0, 13) : "none";
  };
  EXPECT_EQ(plus("2020-01-31", 1, TimeUnit::Month), "2020-02-29T00");
  EXPECT_EQ(plus("2020-03-31", -1, TimeUnit::Month), "2020-02-29T00");
  EXPECT_EQ(plus("2020-02-29", -4, TimeUnit::Year), "2016-02-29T00");
  EXPECT_EQ(plus("2019-12-31", 25, TimeUnit::Hour), "2020-01-01T01");
  EXPECT_EQ(plus("2020-02-21", 14, TimeUnit::Day), "2020-03-06T00");
  EXPECT_EQ(plus("9999-12-31", 1, TimeUnit::Day), "none");
  EXPECT_EQ(plus("0000-01-01", -1, TimeUnit::Month), "none");
}

}  // namespace
}  // namespace liangma::test
