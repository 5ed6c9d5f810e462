// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <set>
#include <string>

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include "liangma/key.h"
#include "liangma/qr_symbol.h"
#include "liangma/vault.h"
#include "liangma/verify.h"

namespace liangma::wasm {

using emscripten::val;

// --- into C++ ---

bool isAbsent(const val& member);

/// What stands behind a handle; null for an absent one.
template <class T>
T* pointer(const val& handle) {
  if (isAbsent(handle)) return nullptr;
  return handle.as<T*>(emscripten::allow_raw_pointers());
}

/// Copies a Uint8Array.
Bytes toBytes(const val& array);

/// A copy of a Uint8Array that is zeroed when it goes out of use.
class SecretInput {
 public:
  explicit SecretInput(const val& array) : bytes_(toBytes(array)) {}
  SecretInput(const SecretInput&) = delete;
  SecretInput& operator=(const SecretInput&) = delete;
  ~SecretInput() { wipe(bytes_); }

  ByteView bytes() const { return bytes_; }
  std::string_view text() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }

 private:
  Bytes bytes_;
};

/// A whole number 0..2^53 - 1; anything else becomes `otherwise`.
std::int64_t toCount(double number, std::int64_t otherwise);

/// Unix seconds; anything else becomes 0, at which nothing is in force.
UnixSeconds toSeconds(double now);

/// @error misuse.argument  an id that names no claim
Result<std::set<IdentityClaim>> toClaims(const val& ids);

/// What verify() takes, and what its context points at.
struct VerifyInput {
  std::optional<VerifyContext> context;  ///< there once read() has succeeded
  Challenge challenge;

  /// Reads `{trust, now, challenge?}`.
  /// @error trust.missing, misuse.argument
  Status read(const val& in);
  /// Finds `scene?` in the trust list.
  /// @error scene.unknown
  Status readScene(const val& in);
};

Verdict refusal(Errc reason);

// --- out of C++ ---

val fromVerdict(const Verdict& verdict);

template <class Items, class Convert>
val fromList(const Items& items, Convert convert) {
  auto list = val::array();
  int at = 0;
  for (const auto& item : items) list.set(at++, convert(item));
  return list;
}

val fromText(std::string_view text);
/// A Uint8Array of its own.
val fromBytes(ByteView bytes);
val fromSeconds(std::int64_t seconds);
val fromNames(const Names& names);
val fromTexts(const std::vector<std::string>& texts);
val fromClaims(const std::set<IdentityClaim>& claims);
val fromIdentity(const Identity& identity);
val fromLivePolicy(const LivePolicy& policy);
/// `{sizeModules, modules}`
val fromSymbol(const QrSymbol& symbol);

/// `{ok: true, value}`
val succeed(val value);
/// `{ok: false, code, detail}`
val fail(Error error);

/// An object that JavaScript deletes.
template <class T>
val own(T&& value) {
  return val(std::make_unique<std::decay_t<T>>(std::forward<T>(value)));
}

/// An outcome whose value `convert` makes of the result's.
template <class T, class Convert>
val outcome(Result<T> result, Convert convert) {
  return result.ok() ? succeed(convert(std::move(result).value())) : fail(result.error());
}

template <class T>
val ownedOutcome(Result<T> result) {
  return outcome(std::move(result), [](T&& value) { return own(std::move(value)); });
}

val textOutcome(const Result<std::string>& result);
val bytesOutcome(const Result<Bytes>& result);
/// `{ok: true, value: true}` or the failure
val statusOutcome(const Status& status);

// --- a device's key pair, whose secret half leaves this module only sealed ---

/// Bound to every sealed device key.
inline constexpr std::string_view kVaultContext = "device-key";

val generateKey(const val& entropy);
/// The key of an opened seed, which is wiped.
val keyOfSeed(Result<Bytes> seed);
val openKeyWithHostKey(const val& sealed, const val& hostKey32);
val publicKeyOf(const SigningKey& key);
val sealKeyWithHostKey(const SigningKey& key, const val& hostKey32, const val& entropy);
val proveKey(const SigningKey& key, const std::string& audience, const val& nonce, double now);

}  // namespace liangma::wasm
