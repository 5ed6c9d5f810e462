// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <string_view>
#include <utility>
#include <variant>

#include "liangma/errc.h"

namespace liangma {

/// Why something failed. Carries no user data, so it may be logged and shown.
struct Error {
  Errc code = Errc::Internal;
  /// Which part failed, a literal such as "credential.payload"; may be empty.
  std::string_view detail;

  friend bool operator==(const Error&, const Error&) = default;
};

/// A value or the reason there is none. Reading the wrong side aborts.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, error) {}
  Result(Errc code) : Result(Error{code, {}}) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return *require(std::get_if<0>(&state_)); }
  const T& value() const& { return *require(std::get_if<0>(&state_)); }
  T&& value() && { return std::move(*require(std::get_if<0>(&state_))); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error error() const { return *require(std::get_if<1>(&state_)); }
  Errc code() const { return ok() ? Errc::Ok : error().code; }

 private:
  template <class P>
  static P* require(P* side) {
    if (side == nullptr) std::abort();
    return side;
  }

  std::variant<T, Error> state_;
};

/// Success, or why not.
using Status = Result<std::monostate>;
inline Status success() {
  return std::monostate{};
}

}  // namespace liangma

/// Returns the error of `expression` (a Result) from the calling function, if it has one.
#define LIANGMA_CHECK(expression)                                                             \
  do {                                                                                        \
    if (auto liangmaStatus = (expression); !liangmaStatus.ok()) return liangmaStatus.error(); \
  } while (false)

#define LIANGMA_CONCAT_INNER(a, b) a##b
#define LIANGMA_CONCAT(a, b) LIANGMA_CONCAT_INNER(a, b)
#define LIANGMA_TRY_INNER(result, declaration, expression) \
  auto result = (expression);                              \
  if (!result.ok()) return result.error();                 \
  declaration = std::move(result).value()

/// `LIANGMA_TRY(auto x, f());` declares x with the value of f(), or returns f()'s error.
#define LIANGMA_TRY(declaration, expression) \
  LIANGMA_TRY_INNER(LIANGMA_CONCAT(liangmaResult, __LINE__), declaration, expression)
