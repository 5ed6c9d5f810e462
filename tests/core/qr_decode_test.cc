// SPDX-License-Identifier: Apache-2.0
//
// An independent decoder, zbarimg, reads what we draw.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "liangma/qr_symbol.h"

namespace liangma {
namespace {

constexpr int kPixelsPerModule = 4;
constexpr int kVersionCount = 40;

std::string outputOf(const std::string& command) {
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  std::array<char, 4096> part{};
  while (const std::size_t count = std::fread(part.data(), 1, part.size(), pipe))
    output.append(part.data(), count);
  pclose(pipe);
  return output;
}

bool hasZbar() {
  return std::system("command -v zbarimg >/dev/null") == 0;
}

/// Writes a grey picture of the symbol in its quiet zone.
void writePgm(const QrSymbol& symbol, const std::string& file) {
  const int side = (symbol.sizeModules + 2 * kQrQuietZoneModules) * kPixelsPerModule;
  std::string picture = "P5 " + std::to_string(side) + " " + std::to_string(side) + " 255\n";
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const bool dark =
          symbol.dark(x / kPixelsPerModule - kQrQuietZoneModules, y / kPixelsPerModule - kQrQuietZoneModules);
      picture += dark ? '\x00' : '\xff';
    }
  }
  std::ofstream(file, std::ios::binary) << picture;
}

std::string decode(const QrSymbol& symbol) {
  const std::string file = testing::TempDir() + "liangma_qr_" + std::to_string(symbol.version()) + ".pgm";
  writePgm(symbol, file);
  const std::string text =
      outputOf("zbarimg --nodbus --quiet --raw -Sdisable -Sqrcode.enable '" + file + "'");
  std::filesystem::remove(file);
  return text;
}

/// Reads a drawing of half blocks back, as somebody sees it whose terminal writes with this ink.
QrSymbol seen(const std::string& terminal, int sizeModules, TerminalInk ink) {
  QrSymbol symbol{sizeModules, {}};
  std::vector<std::uint8_t> upper, lower;
  for (std::size_t i = 0; i < terminal.size();) {
    const bool block = static_cast<unsigned char>(terminal[i]) == 0xe2;
    const std::string_view glyph = std::string_view(terminal).substr(i, block ? 3 : 1);
    i += glyph.size();
    if (glyph == "\n") {
      symbol.modules.insert(symbol.modules.end(), upper.begin(), upper.end());
      symbol.modules.insert(symbol.modules.end(), lower.begin(), lower.end());
      upper.clear(), lower.clear();
      continue;
    }
    const bool darkInk = ink == TerminalInk::Dark;
    upper.push_back((glyph == "█" || glyph == "▀") == darkInk ? 1 : 0);
    lower.push_back((glyph == "█" || glyph == "▄") == darkInk ? 1 : 0);
  }
  symbol.modules.resize(static_cast<std::size_t>(sizeModules * sizeModules));
  return symbol;
}

class QrDecodeTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!hasZbar()) GTEST_SKIP() << "skipped, no zbarimg";
  }
};

TEST_F(QrDecodeTest, ReadsEveryVersion) {
  for (int version = 1; version <= kVersionCount; ++version) {
    const std::string text = "LM1:V" + std::to_string(version);
    const QrSymbol symbol = makeQrSymbol(text, QrLevel::M, version).value();
    ASSERT_EQ(symbol.version(), version);
    EXPECT_EQ(decode(symbol), text + "\n");
  }
}

TEST_F(QrDecodeTest, ReadsAFullLiveCodeAtEveryLevel) {
  std::string text = "LM1:";
  while (text.size() < 483)
    text += "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"[text.size() * text.size() % 45];
  for (const QrLevel level : {QrLevel::L, QrLevel::M, QrLevel::Q, QrLevel::H}) {
    EXPECT_EQ(decode(makeQrSymbol(text, level).value()), text + "\n");
  }
}

TEST_F(QrDecodeTest, ReadsUtf8) {
  EXPECT_EQ(decode(makeQrSymbol("亮码，请出示").value()), "亮码，请出示\n");
}

TEST_F(QrDecodeTest, ReadsBothTerminalDrawings) {
  const std::string text = "LM1:TERMINAL";
  const QrSymbol symbol = makeQrSymbol(text).value();
  for (const TerminalInk ink : {TerminalInk::Light, TerminalInk::Dark}) {
    const int side = symbol.sizeModules + 2 * kQrQuietZoneModules;
    EXPECT_EQ(decode(seen(terminalText(symbol, ink), side, ink)), text + "\n");
  }
}

}  // namespace
}  // namespace liangma
