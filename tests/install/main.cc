// SPDX-License-Identifier: Apache-2.0
// Draws the QR symbol of its first argument with the installed library.
#include <iostream>

#include <liangma/qr_symbol.h>

int main(int argumentCount, char** arguments) {
  const auto symbol = liangma::makeQrSymbol(argumentCount > 1 ? arguments[1] : "");
  if (!symbol.ok()) {
    std::cerr << liangma::errcId(symbol.code()) << '\n';
    return 1;
  }
  std::cout << symbol->sizeModules << '\n' << liangma::terminalText(*symbol);
  return 0;
}
