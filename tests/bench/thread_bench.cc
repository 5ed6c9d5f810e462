// SPDX-License-Identifier: Apache-2.0
//
// One live frame, one check at a gate and one issuance, each beside the bare libsodium calls that no
// implementation can do without.
#include <benchmark/benchmark.h>
#include <sodium.h>

#include "bench/thread.h"
#include "cose.h"
#include "key_binding.h"
#include "liangma/qr_symbol.h"
#include "liangma/verify.h"

namespace liangma::bench {
namespace {

constexpr int kTexts = 16;

void frame(benchmark::State& state) {
  const Thread thread;
  const auto credential = parseCredential(thread.issue()).value();
  UnixSeconds now = kNow;
  for (auto _ : state) {
    const auto text = makeLiveCode(credential, thread.device, kNow + now++ % 3600).value();
    benchmark::DoNotOptimize(makeQrSymbol(text));
  }
}
BENCHMARK(frame)->Unit(benchmark::kMicrosecond);

void liveCode(benchmark::State& state) {
  const Thread thread;
  const auto credential = parseCredential(thread.issue()).value();
  UnixSeconds now = kNow;
  for (auto _ : state) benchmark::DoNotOptimize(makeLiveCode(credential, thread.device, kNow + now++ % 3600));
}
BENCHMARK(liveCode)->Unit(benchmark::kMicrosecond);

void verify(benchmark::State& state) {
  const Thread thread;
  const auto trust = thread.trustList();
  const auto texts = liveCodes(thread, kNow, kTexts);
  std::size_t i = 0;
  for (auto _ : state) {
    const auto verdict = liangma::verify(texts[i++ % kTexts], {trust, kNow + kTexts});
    if (verdict.decision != Decision::Admit) state.SkipWithError("refused");
    benchmark::DoNotOptimize(verdict);
  }
}
BENCHMARK(verify)->Unit(benchmark::kMicrosecond);

void issue(benchmark::State& state) {
  const Thread thread;
  const auto drawn = noise(Thread::kIssueEntropyBytes, 4);
  for (auto _ : state) benchmark::DoNotOptimize(thread.issue(drawn));
}
BENCHMARK(issue)->Unit(benchmark::kMicrosecond);

/// A signed message as it comes out of a live code.
struct Signed {
  Bytes message;
  Bytes signature64;
  ByteArray<32> public32;
};

struct SignedPair {
  Signed issuer, holder;
};

SignedPair signedPair(const Thread& thread, const std::string& text) {
  const auto binding = parseKeyBinding(decodeText(text, kLivePrefix).value()).value();
  const auto& credential = binding.credential;
  return {{cose::toBeSigned(credential.protectedHeader, credential.payload), credential.signature,
           thread.issuer.publicKey().raw32()},
          {binding.toBeSigned, binding.signature, thread.device.publicKey().raw32()}};
}

void bareSign(benchmark::State& state) {
  const Thread thread;
  const auto message = signedPair(thread, liveCodes(thread, kNow, 1)[0]).holder.message;
  ByteArray<32> public32;
  ByteArray<64> secret64;
  crypto_sign_seed_keypair(public32.data(), secret64.data(), thread.device.seed32().bytes().data());
  for (auto _ : state) {
    Signature64 signature;
    crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(), secret64.data());
    benchmark::DoNotOptimize(signature);
  }
}
BENCHMARK(bareSign)->Unit(benchmark::kMicrosecond);

bool isGood(const Signed& it) {
  return crypto_sign_verify_detached(it.signature64.data(), it.message.data(), it.message.size(),
                                     it.public32.data()) == 0;
}

void bareVerifyTwice(benchmark::State& state) {
  const Thread thread;
  std::vector<SignedPair> pairs;
  for (const auto& text : liveCodes(thread, kNow, kTexts)) pairs.push_back(signedPair(thread, text));
  std::size_t i = 0;
  for (auto _ : state) {
    const auto& pair = pairs[i++ % kTexts];
    const bool good = isGood(pair.issuer) && isGood(pair.holder);
    if (!good) state.SkipWithError("refused");
    benchmark::DoNotOptimize(good);
  }
}
BENCHMARK(bareVerifyTwice)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace liangma::bench
