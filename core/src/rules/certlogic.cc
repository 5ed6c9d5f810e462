// SPDX-License-Identifier: Apache-2.0
#include "rules/certlogic.h"

#include <algorithm>

#include "date_time.h"

namespace liangma::rules {
namespace {

enum class Operator {
  If,
  And,
  Not,
  Equal,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  In,
  Plus,
  Reduce,
  After,
  Before,
  NotAfter,
  NotBefore,
  PlusTime,
  DateOfBirth,
  ExtractFromUvci,
};

struct Operation {
  std::string_view name;
  Operator op;
  std::size_t minOperands;
  std::size_t maxOperands;
};

constexpr std::size_t kAny = 64;
constexpr Operation kOperations[] = {
    {"if", Operator::If, 3, 3},
    {"and", Operator::And, 2, kAny},
    {"!", Operator::Not, 1, 1},
    {"===", Operator::Equal, 2, 2},
    {"<", Operator::Less, 2, 3},
    {"<=", Operator::LessEqual, 2, 3},
    {">", Operator::Greater, 2, 3},
    {">=", Operator::GreaterEqual, 2, 3},
    {"in", Operator::In, 2, 2},
    {"+", Operator::Plus, 2, 2},
    {"reduce", Operator::Reduce, 3, 3},
    {"after", Operator::After, 2, 3},
    {"before", Operator::Before, 2, 3},
    {"not-after", Operator::NotAfter, 2, 3},
    {"not-before", Operator::NotBefore, 2, 3},
    {"plusTime", Operator::PlusTime, 3, 3},
    {"dccDateOfBirth", Operator::DateOfBirth, 1, 1},
    {"extractFromUVCI", Operator::ExtractFromUvci, 2, 2},
};

const Operation* findOperation(std::string_view name) {
  for (const auto& operation : kOperations)
    if (operation.name == name) return &operation;
  return nullptr;
}

// ---- validation

/// A data path is "" or parts of letters, digits, "_" and "-" joined by single dots.
bool isPath(std::string_view path) {
  bool partIsEmpty = true;
  for (const char c : path) {
    const bool part =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!part && (c != '.' || partIsEmpty)) return false;
    partIsEmpty = !part;
  }
  return path.empty() || !partIsEmpty;
}

bool isInteger(const Json& json) {
  return json.is_number_integer() && (!json.is_number_unsigned() || json.get<std::uint64_t>() <= INT64_MAX);
}

class Validator {
 public:
  std::optional<Fault> check(const Json& expression, const std::string& place, int depth) {
    if (depth > kMaxExpressionDepth) return Fault{place, "nested too deep"};
    if (expression.is_string() || expression.is_boolean() || isInteger(expression)) return std::nullopt;
    if (expression.is_number()) return Fault{place, "a number that is not an integer of 64 bits"};
    if (expression.is_array()) return checkAll(expression, place, depth);
    if (expression.is_object()) return checkOperation(expression, place, depth);
    return Fault{place, "neither literal, array nor operation"};
  }

 private:
  std::optional<Fault> checkAll(const Json& operands, const std::string& place, int depth) {
    for (std::size_t i = 0; i < operands.size(); ++i)
      if (auto fault = check(operands[i], place + "/" + std::to_string(i), depth + 1)) return fault;
    return std::nullopt;
  }

  std::optional<Fault> checkOperation(const Json& expression, const std::string& place, int depth) {
    if (expression.size() != 1)
      return Fault{place, "an operation has exactly one key, this one " + std::to_string(expression.size())};
    const std::string& name = expression.begin().key();
    const Json& operands = expression.begin().value();
    if (name == "var") return checkVariable(operands, place);
    if (!operands.is_array()) return Fault{place, "not of the form {\"operator\": [operands]}"};
    const auto* operation = findOperation(name);
    if (operation == nullptr) return Fault{place, "unknown operator \"" + name + "\""};
    if (operands.size() < operation->minOperands || operands.size() > operation->maxOperands)
      return Fault{place, "\"" + name + "\" takes another number of operands"};
    if (auto fault = checkLiteralOperands(operation->op, operands, place)) return fault;
    return checkAll(operands, place + "/" + pointerPart(name), depth);
  }

  static std::optional<Fault> checkVariable(const Json& path, const std::string& place) {
    if (!path.is_string()) return Fault{place, "not of the form {\"var\": \"path\"}"};
    if (!isPath(path.get_ref<const std::string&>())) return Fault{place, "not a data path"};
    return std::nullopt;
  }

  /// Operands that must stand in the rule as literals.
  static std::optional<Fault> checkLiteralOperands(Operator op, const Json& operands,
                                                   const std::string& place) {
    if (op == Operator::PlusTime) {
      if (!isInteger(operands[1])) return Fault{place, "plusTime takes an integer amount"};
      if (!operands[2].is_string() || !timeUnitFromId(operands[2].get_ref<const std::string&>()))
        return Fault{place, "plusTime takes hour, day, month or year"};
    }
    if (op == Operator::ExtractFromUvci && !isInteger(operands[1]))
      return Fault{place, "extractFromUVCI takes an integer index"};
    return std::nullopt;
  }

  static std::string pointerPart(std::string name) {
    for (std::size_t at = 0; (at = name.find('/', at)) != std::string::npos; at += 2)
      name.replace(at, 1, "~1");
    return name;
  }
};

// ---- evaluation

/// A JSON value, or a date-time, which JSON does not have.
struct Value {
  Json json;
  std::optional<DateTime> time;

  Value(Json value) : json(std::move(value)) {}
  Value(DateTime value) : time(value) {}
  bool isInteger() const { return !time && rules::isInteger(json); }
};

bool isTruthy(const Value& value) {
  const Json& json = value.json;
  if (value.time) return true;
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number()) return json != 0;
  if (json.is_string()) return !json.get_ref<const std::string&>().empty();
  return !json.is_null() && !json.empty();
}

bool isScalar(const Json& json) {
  return !json.is_null() && !json.is_structured();
}

bool areIdentical(const Value& a, const Value& b) {
  if (a.time || b.time) return a.time == b.time;
  if (a.json.is_null() && b.json.is_null()) return true;
  return isScalar(a.json) && isScalar(b.json) && a.json.is_number() == b.json.is_number() && a.json == b.json;
}

/// What stands at a path of the data; null where there is nothing.
const Json& drill(const Json& data, std::string_view path) {
  static const Json kNothing;
  const Json* at = &data;
  while (!path.empty()) {
    const auto dot = path.find('.');
    const std::string part(path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    if (at->is_object()) {
      const auto found = at->find(part);
      if (found == at->end()) return kNothing;
      at = &*found;
    } else if (at->is_array()) {
      if (part.size() > 9 || part.find_first_not_of("0123456789") != std::string::npos) return kNothing;
      const std::size_t index = std::strtoul(part.c_str(), nullptr, 10);
      if (index >= at->size()) return kNothing;
      at = &(*at)[index];
    } else {
      return kNothing;
    }
  }
  return *at;
}

template <class T>
bool compare(Operator op, const T& a, const T& b) {
  switch (op) {
    case Operator::Less:
    case Operator::Before:
      return a < b;
    case Operator::LessEqual:
    case Operator::NotAfter:
      return a <= b;
    case Operator::Greater:
    case Operator::After:
      return a > b;
    default:
      return a >= b;
  }
}

/// The part of a vaccination certificate id between its separators, without the "URN:UVCI:" before it.
Json extractFromUvci(const Json& operand, std::int64_t index) {
  if (!operand.is_string() || index < 0) return nullptr;
  std::string_view text = operand.get_ref<const std::string&>();
  constexpr std::string_view kPrefix = "URN:UVCI:";
  if (text.starts_with(kPrefix)) text.remove_prefix(kPrefix.size());
  for (;; --index) {
    const auto end = text.find_first_of("/#:");
    if (index == 0) return std::string(text.substr(0, end));
    if (end == std::string_view::npos) return nullptr;
    text.remove_prefix(end + 1);
  }
}

/// What a copy of a value costs.
std::size_t weightOf(const Json& json) {
  if (json.is_string()) return 1 + json.get_ref<const std::string&>().size() / 64;
  std::size_t weight = 1;
  if (json.is_structured())
    for (const auto& element : json) weight += weightOf(element);
  return weight;
}

class Evaluator {
 public:
  Result<Value> evaluate(const Json& expression, const Json& data) {
    if (++steps_ > kMaxSteps) return Errc::RuleBudget;
    if (expression.is_array()) return evaluateArray(expression, data);
    if (!expression.is_object()) return Value(expression);
    if (expression.size() != 1) return Errc::RuleMalformed;
    const std::string& name = expression.begin().key();
    const Json& operands = expression.begin().value();
    if (name == "var") return variable(operands, data);
    const auto* operation = findOperation(name);
    if (operation == nullptr || !operands.is_array()) return Errc::RuleMalformed;
    if (operands.size() < operation->minOperands || operands.size() > operation->maxOperands)
      return Errc::RuleMalformed;
    return apply(operation->op, operands, data);
  }

 private:
  Result<Value> evaluateArray(const Json& elements, const Json& data) {
    Json values = Json::array();
    for (const auto& element : elements) {
      LIANGMA_TRY(auto value, evaluate(element, data));
      values.push_back(toJson(std::move(value)));
    }
    return Value(std::move(values));
  }

  /// What is copied counts against the budget, so that a rule cannot multiply its data.
  Status pay(const Json& copied) {
    steps_ += weightOf(copied);
    return steps_ > kMaxSteps ? Status(Errc::RuleBudget) : success();
  }

  Result<Value> variable(const Json& path, const Json& data) {
    if (!path.is_string()) return Errc::RuleMalformed;
    const Json& found = drill(data, path.get_ref<const std::string&>());
    LIANGMA_CHECK(pay(found));
    return Value(found);
  }

  Result<Value> apply(Operator op, const Json& operands, const Json& data) {
    switch (op) {
      case Operator::If: {
        LIANGMA_TRY(const auto guard, evaluate(operands[0], data));
        return evaluate(operands[isTruthy(guard) ? 1 : 2], data);
      }
      case Operator::And:
        return conjunction(operands, data);
      case Operator::Reduce:
        return reduce(operands, data);
      case Operator::PlusTime:
      case Operator::DateOfBirth:
        return time(op, operands, data);
      case Operator::After:
      case Operator::Before:
      case Operator::NotAfter:
      case Operator::NotBefore:
      case Operator::Less:
      case Operator::LessEqual:
      case Operator::Greater:
      case Operator::GreaterEqual:
        return comparison(op, operands, data);
      default:
        return simple(op, operands, data);
    }
  }

  Result<Value> conjunction(const Json& operands, const Json& data) {
    Value value(nullptr);
    for (const auto& operand : operands) {
      LIANGMA_TRY(value, evaluate(operand, data));
      if (!isTruthy(value)) break;
    }
    return value;
  }

  Result<Value> reduce(const Json& operands, const Json& data) {
    LIANGMA_TRY(const auto list, evaluate(operands[0], data));
    LIANGMA_TRY(auto accumulator, evaluate(operands[2], data));
    if (list.json.is_null() && !list.time) return accumulator;
    if (!list.json.is_array()) return Errc::RuleType;
    LIANGMA_CHECK(pay(data));
    Json scope{{"accumulator", toJson(std::move(accumulator))}, {"current", nullptr}, {"data", data}};
    for (const auto& element : list.json) {
      scope["current"] = element;
      LIANGMA_TRY(auto value, evaluate(operands[1], scope));
      scope["accumulator"] = toJson(std::move(value));
    }
    return Value(std::move(scope["accumulator"]));
  }

  Result<Value> time(Operator op, const Json& operands, const Json& data) {
    LIANGMA_TRY(const auto operand, evaluate(operands[0], data));
    auto parsed = operand.time;
    if (!parsed && operand.json.is_string())
      parsed = parseDateTime(operand.json.get_ref<const std::string&>());
    if (!parsed) return Errc::RuleType;
    if (op == Operator::DateOfBirth) return Value(*parsed);
    if (!operands[1].is_number_integer() || !operands[2].is_string()) return Errc::RuleMalformed;
    const auto unit = timeUnitFromId(operands[2].get_ref<const std::string&>());
    if (!unit) return Errc::RuleMalformed;
    const auto sum = plusTime(*parsed, operands[1].get<std::int64_t>(), *unit);
    if (!sum) return Errc::RuleType;
    return Value(*sum);
  }

  Result<Value> comparison(Operator op, const Json& operands, const Json& data) {
    const bool ofTimes = op == Operator::After || op == Operator::Before || op == Operator::NotAfter ||
                         op == Operator::NotBefore;
    std::vector<std::int64_t> numbers;
    for (const auto& operand : operands) {
      LIANGMA_TRY(const auto value, evaluate(operand, data));
      if (ofTimes ? !value.time.has_value() : !value.isInteger()) return Errc::RuleType;
      numbers.push_back(ofTimes ? value.time->milliseconds : value.json.get<std::int64_t>());
    }
    for (std::size_t i = 1; i < numbers.size(); ++i)
      if (!compare(op, numbers[i - 1], numbers[i])) return Value(false);
    return Value(true);
  }

  /// Operators that see nothing but the values of their operands.
  Result<Value> simple(Operator op, const Json& operands, const Json& data) {
    LIANGMA_TRY(const auto first, evaluate(operands[0], data));
    if (op == Operator::Not) return Value(!isTruthy(first));
    LIANGMA_TRY(const auto second, evaluate(operands[1], data));
    switch (op) {
      case Operator::Equal:
        return Value(areIdentical(first, second));
      case Operator::In:
        return contains(first, second);
      case Operator::Plus:
        return sum(first, second);
      default:
        if (!second.isInteger()) return Errc::RuleType;
        return Value(extractFromUvci(first.json, second.json.get<std::int64_t>()));
    }
  }

  static Result<Value> contains(const Value& wanted, const Value& list) {
    if (list.json.is_null() && !list.time) return Value(false);
    if (!list.json.is_array()) return Errc::RuleType;
    return Value(std::any_of(list.json.begin(), list.json.end(),
                             [&](const Json& element) { return areIdentical(wanted, Value(element)); }));
  }

  static Result<Value> sum(const Value& a, const Value& b) {
    if (!a.isInteger() || !b.isInteger()) return Errc::RuleType;
    std::int64_t total;
    if (__builtin_add_overflow(a.json.get<std::int64_t>(), b.json.get<std::int64_t>(), &total))
      return Errc::RuleType;
    return Value(Json(total));
  }

  static Json toJson(Value value) {
    if (value.time) return formatDateTime(*value.time);
    return std::move(value.json);
  }

  friend Result<Json> rules::evaluate(const Json&, const Json&);
  std::size_t steps_ = 0;
};

}  // namespace

std::optional<Fault> findFault(const Json& expression) {
  return Validator().check(expression, "", 1);
}

Result<Json> evaluate(const Json& expression, const Json& data) {
  Evaluator evaluator;
  LIANGMA_TRY(auto value, evaluator.evaluate(expression, data));
  return Evaluator::toJson(std::move(value));
}

}  // namespace liangma::rules
