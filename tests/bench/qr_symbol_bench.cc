// SPDX-License-Identifier: Apache-2.0
//
// A full V13-M symbol, as of an open live code: ours against libqrencode as released.
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "core/stock_qrencode.h"
#include "liangma/qr_symbol.h"

namespace {

constexpr std::size_t kChars = 483;
constexpr std::size_t kTexts = 16;

const std::vector<std::string>& texts() {
  static const std::vector<std::string> kept = [] {
    std::mt19937 random(13);
    std::vector<std::string> made(kTexts, std::string(kChars, ' '));
    for (std::string& text : made) {
      for (char& c : text) c = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"[random() % 45];
    }
    return made;
  }();
  return kept;
}

void qrSymbol(benchmark::State& state) {
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(liangma::makeQrSymbol(texts()[i++ % kTexts]));
}
BENCHMARK(qrSymbol)->Unit(benchmark::kMicrosecond);

void qrSymbolStock(benchmark::State& state) {
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(liangma::test::stockModules(texts()[i++ % kTexts], QR_MODE_AN, QR_ECLEVEL_M, 1));
  }
}
BENCHMARK(qrSymbolStock)->Unit(benchmark::kMicrosecond);

}  // namespace
