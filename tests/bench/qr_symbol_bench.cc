// SPDX-License-Identifier: Apache-2.0
//
// The symbol of an open live code, V13-M: ours against libqrencode as released.
#include <benchmark/benchmark.h>

#include "bench/thread.h"
#include "core/stock_qrencode.h"
#include "liangma/qr_symbol.h"

namespace liangma::bench {
namespace {

constexpr int kTexts = 16;

void qrSymbol(benchmark::State& state) {
  const auto texts = liveCodes(Thread(), kNow, kTexts);
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(makeQrSymbol(texts[i++ % kTexts]));
}
BENCHMARK(qrSymbol)->Unit(benchmark::kMicrosecond);

void qrSymbolStock(benchmark::State& state) {
  const auto texts = liveCodes(Thread(), kNow, kTexts);
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(test::stockModules(texts[i++ % kTexts], QR_MODE_AN, QR_ECLEVEL_M, 1));
  }
}
BENCHMARK(qrSymbolStock)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace liangma::bench
