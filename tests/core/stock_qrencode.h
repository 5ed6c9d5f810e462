// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <qrencode.h>

// libqrencode as it is released, with its own mask.c, under names that do not clash with those of the library
// in use (see liangma_add_qrencode_stock in tools/cmake).
extern "C" {
QRinput* stock_QRinput_new2(int version, QRecLevel level);
int stock_QRinput_append(QRinput* input, QRencodeMode mode, int size, const unsigned char* data);
void stock_QRinput_free(QRinput* input);
QRcode* stock_QRcode_encodeInput(QRinput* input);
void stock_QRcode_free(QRcode* code);
unsigned char* stock_QRspec_newFrame(int version);
unsigned char* stock_Mask_makeMask(int width, unsigned char* frame, int mask, QRecLevel level);
unsigned char* stock_Mask_mask(int width, unsigned char* frame, QRecLevel level);
}

namespace liangma::test {

/// The modules that released libqrencode draws, row by row, 1 dark; empty if it cannot.
inline std::vector<std::uint8_t> stockModules(std::string_view text, QRencodeMode mode, QRecLevel level,
                                              int minVersion) {
  QRinput* input = stock_QRinput_new2(minVersion, level);
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  stock_QRinput_append(input, mode, static_cast<int>(text.size()), bytes);
  QRcode* code = stock_QRcode_encodeInput(input);
  stock_QRinput_free(input);
  if (code == nullptr) return {};
  std::vector<std::uint8_t> modules(code->data, code->data + code->width * code->width);
  for (std::uint8_t& module : modules) module &= 1;
  stock_QRcode_free(code);
  return modules;
}

}  // namespace liangma::test
