// SPDX-License-Identifier: Apache-2.0
#include "liangma/qr_symbol.h"

#include <array>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "core/stock_qrencode.h"

namespace liangma {
namespace {

constexpr std::string_view kAlphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
constexpr std::array kLevels{QrLevel::L, QrLevel::M, QrLevel::Q, QrLevel::H};

QRecLevel stockLevel(QrLevel level) {
  return static_cast<QRecLevel>(level);
}

std::string randomAlphanumeric(std::mt19937& random, std::size_t length) {
  std::string text(length, ' ');
  for (char& c : text) c = kAlphanumeric[random() % kAlphanumeric.size()];
  return text;
}

/// The most characters of the alphanumeric set that a symbol of this version holds.
std::size_t capacity(int version, QrLevel level) {
  std::size_t fits = 1;
  std::size_t tooMany = 4297;
  while (tooMany - fits > 1) {
    const std::size_t middle = (fits + tooMany) / 2;
    const auto symbol = makeQrSymbol(std::string(middle, 'A'), level);
    (symbol.ok() && symbol->version() <= version ? fits : tooMany) = middle;
  }
  return fits;
}

/// A symbol from rows of '#' (dark) and '.'; not one of a real size.
QrSymbol drawing(std::initializer_list<std::string_view> rows) {
  QrSymbol symbol{static_cast<int>(rows.size()), {}};
  for (const std::string_view row : rows) {
    for (const char c : row) symbol.modules.push_back(c == '#' ? 1 : 0);
  }
  return symbol;
}

TEST(QrSymbolTest, EqualsStockLibraryAtEveryVersionAndLevel) {
  std::mt19937 random(1);
  for (int version = 1; version <= 40; ++version) {
    for (const QrLevel level : kLevels) {
      const std::size_t most = capacity(version, level);
      const std::array texts{randomAlphanumeric(random, most), std::string(most, '0'), std::string("A"),
                             randomAlphanumeric(random, 1 + random() % most)};
      for (const std::string& text : texts) {
        const auto symbol = makeQrSymbol(text, level, version);
        ASSERT_TRUE(symbol.ok());
        EXPECT_EQ(symbol->version(), version);
        EXPECT_EQ(symbol->modules, test::stockModules(text, QR_MODE_AN, stockLevel(level), version))
            << "version " << version << ", level " << static_cast<int>(level) << ": " << text;
      }
    }
  }
}

TEST(QrSymbolTest, EqualsStockLibraryInByteMode) {
  for (const std::string_view text : {"a", "https://example.invalid/?q=1", "亮码", "\x01\xff\x7f"}) {
    for (const QrLevel level : kLevels) {
      const auto symbol = makeQrSymbol(text, level);
      ASSERT_TRUE(symbol.ok());
      EXPECT_EQ(symbol->modules, test::stockModules(text, QR_MODE_8, stockLevel(level), 1)) << text;
    }
  }
}

TEST(QrSymbolTest, TakesSmallestVersionThatHoldsTheText) {
  struct Case {
    QrLevel level;
    int version;
    std::size_t alphanumericChars;  // ISO/IEC 18004:2015, table 7
  };
  constexpr std::array kCases{
      Case{QrLevel::M, 1, 20},    Case{QrLevel::H, 1, 10},    Case{QrLevel::M, 9, 262},
      Case{QrLevel::M, 10, 311},  Case{QrLevel::M, 13, 483},  Case{QrLevel::M, 14, 528},
      Case{QrLevel::L, 26, 1990}, Case{QrLevel::Q, 27, 1172}, Case{QrLevel::L, 39, 4087},
  };
  for (const Case& one : kCases) {
    const auto full = makeQrSymbol(std::string(one.alphanumericChars, '$'), one.level);
    const auto over = makeQrSymbol(std::string(one.alphanumericChars + 1, '$'), one.level);
    ASSERT_TRUE(full.ok() && over.ok());
    EXPECT_EQ(full->version(), one.version);
    EXPECT_EQ(over->version(), one.version + 1);
  }
}

TEST(QrSymbolTest, UsesByteModeForCharactersOutsideTheAlphanumericSet) {
  EXPECT_EQ(makeQrSymbol("ABCDEFGHIJKLMNOPQRST")->version(), 1);
  EXPECT_EQ(makeQrSymbol("abcdefghijklmn")->version(), 1);
  EXPECT_EQ(makeQrSymbol("abcdefghijklmno")->version(), 2);
  EXPECT_EQ(makeQrSymbol("ABCDEFGHIJKLMN_")->version(), 2);
}

TEST(QrSymbolTest, RefusesTextThatNoVersionHolds) {
  struct Case {
    QrLevel level;
    std::size_t alphanumericChars;
    std::size_t bytes;
  };
  constexpr std::array kCases{Case{QrLevel::L, 4296, 2953}, Case{QrLevel::M, 3391, 2331},
                              Case{QrLevel::Q, 2420, 1663}, Case{QrLevel::H, 1852, 1273}};
  for (const Case& one : kCases) {
    EXPECT_EQ(makeQrSymbol(std::string(one.alphanumericChars, 'Z'), one.level)->version(), 40);
    EXPECT_EQ(makeQrSymbol(std::string(one.alphanumericChars + 1, 'Z'), one.level).code(),
              Errc::MisuseTooLarge);
    EXPECT_EQ(makeQrSymbol(std::string(one.bytes, 'z'), one.level)->version(), 40);
    EXPECT_EQ(makeQrSymbol(std::string(one.bytes + 1, 'z'), one.level).code(), Errc::MisuseTooLarge);
  }
  EXPECT_EQ(makeQrSymbol(std::string(1 << 20, 'Z')).code(), Errc::MisuseTooLarge);
}

TEST(QrSymbolTest, RefusesEmptyText) {
  EXPECT_EQ(makeQrSymbol("").code(), Errc::FormatEmpty);
}

TEST(QrSymbolTest, KeepsToTheLeastVersionAskedFor) {
  EXPECT_EQ(makeQrSymbol("A", QrLevel::M, 14)->sizeModules, 73);
  EXPECT_EQ(makeQrSymbol(std::string(484, 'A'), QrLevel::M, 13)->version(), 14);
}

TEST(QrSymbolTest, RefusesVersionsThatDoNotExist) {
  for (const int version : {-1, 0, 41}) {
    EXPECT_EQ(makeQrSymbol("A", QrLevel::M, version).code(), Errc::MisuseArgument);
  }
}

TEST(QrSymbolTest, IsLightOutside) {
  const QrSymbol symbol = makeQrSymbol("A").value();
  EXPECT_TRUE(symbol.dark(0, 0));
  EXPECT_TRUE(symbol.dark(20, 0));
  EXPECT_FALSE(symbol.dark(-1, 0));
  EXPECT_FALSE(symbol.dark(0, -1));
  EXPECT_FALSE(symbol.dark(21, 0));
  EXPECT_FALSE(symbol.dark(0, 21));
}

TEST(QrSvgTest, DrawsOneRectangleForEachRun) {
  const QrSymbol symbol = drawing({"##.", "..#", "###"});
  EXPECT_EQ(svgPath(symbol, 0), "M0 0h2v1h-2zM2 1h1v1h-1zM0 2h3v1h-3z");
  EXPECT_EQ(svgPath(symbol), "M4 4h2v1h-2zM6 5h1v1h-1zM4 6h3v1h-3z");
}

TEST(QrSvgTest, DrawsEveryModuleOfARealSymbolOnce) {
  const QrSymbol symbol = makeQrSymbol("LM1:READS BACK").value();
  QrSymbol readBack{symbol.sizeModules, std::vector<std::uint8_t>(symbol.modules.size())};
  const std::string path = svgPath(symbol, 1);
  int x = 0, y = 0, length = 0, back = 0, used = 0;
  for (std::size_t at = 0; at < path.size(); at += static_cast<std::size_t>(used)) {
    ASSERT_EQ(std::sscanf(path.c_str() + at, "M%d %dh%dv1h-%dz%n", &x, &y, &length, &back, &used), 4);
    ASSERT_EQ(length, back);
    for (int i = 0; i < length; ++i) {
      ++readBack.modules[static_cast<std::size_t>((y - 1) * symbol.sizeModules + x - 1 + i)];
    }
  }
  EXPECT_EQ(readBack, symbol);
}

TEST(QrSvgTest, MakesAnAccessibleDocument) {
  EXPECT_EQ(svgDocument(drawing({"#"}), "亮码 <1> & \"2\"\n", 2),
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 5 5\" role=\"img\" "
            "shape-rendering=\"crispEdges\">\n"
            "<title>亮码 &lt;1&gt; &amp; \"2\"</title>\n"
            "<path fill=\"#fff\" d=\"M0 0h5v5H0z\"/>\n"
            "<path d=\"M2 2h1v1h-1z\"/>\n"
            "</svg>\n");
}

TEST(QrTerminalTest, WritesLightModulesOnADarkGround) {
  EXPECT_EQ(terminalText(drawing({"##.", ".##", "###"}), TerminalInk::Light, 0), "▄ ▀\n▄▄▄\n");
}

TEST(QrTerminalTest, WritesDarkModulesOnALightGround) {
  EXPECT_EQ(terminalText(drawing({"##.", ".##", "###"}), TerminalInk::Dark, 0), "▀█▄\n▀▀▀\n");
}

TEST(QrTerminalTest, SurroundsTheSymbolWithItsQuietZone) {
  EXPECT_EQ(terminalText(drawing({"#"}), TerminalInk::Light, 2), "█████\n██▄██\n█████\n");
  EXPECT_EQ(terminalText(drawing({"#"}), TerminalInk::Dark, 2), "     \n  ▀  \n     \n");
}

}  // namespace
}  // namespace liangma
