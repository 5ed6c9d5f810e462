// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "liangma/result.h"

namespace liangma {

/// How much of a symbol may be unreadable: about 7, 15, 25 and 30 per cent of its codewords.
enum class QrLevel : std::uint8_t { L, M, Q, H };

/// The quiet zone that ISO/IEC 18004 asks for, in modules on each side.
inline constexpr int kQrQuietZoneModules = 4;

/// The modules of one QR symbol, without its quiet zone.
struct QrSymbol {
  /// Modules on a side: 17 + 4 * version, 21..177.
  int sizeModules = 0;
  /// Row by row from the top left: 1 dark, 0 light; sizeModules * sizeModules of them.
  std::vector<std::uint8_t> modules;

  /// The symbol's version, 1..40.
  int version() const { return (sizeModules - 17) / 4; }

  /// Whether the module in column x and row y is dark; those outside the symbol are light.
  bool dark(int x, int y) const {
    const bool inside = x >= 0 && y >= 0 && x < sizeModules && y < sizeModules;
    return inside && modules[static_cast<std::size_t>(y) * sizeModules + x] != 0;
  }

  friend bool operator==(const QrSymbol&, const QrSymbol&) = default;
};

/// Makes the smallest QR symbol that holds a text.
///
/// A text of the alphanumeric set (0-9 A-Z space $%*+-./:) is written in alphanumeric mode, any other in byte
/// mode. The mask is the one of least penalty, the first of several.
///
/// @param text        1..4296 alphanumeric characters, or 1..2953 bytes; fewer above level L
/// @param level       what part of the symbol may be lost
/// @param minVersion  1..40; a higher one is taken where the text needs it
/// @error format.empty      the text is empty
/// @error misuse.argument   minVersion is out of its range
/// @error misuse.too-large  no version holds the text at this level
/// @error internal.error    no memory was left
/// @source ISO/IEC 18004:2015, 7
Result<QrSymbol> makeQrSymbol(std::string_view text, QrLevel level = QrLevel::M, int minVersion = 1);

/// Draws the dark modules as the `d` of one SVG path: a rectangle for each horizontal run, one unit a module.
///
/// @param quietZoneModules  0 or more: the symbol begins at this x and y
std::string svgPath(const QrSymbol& symbol, int quietZoneModules = kQrQuietZoneModules);

/// Draws a whole SVG file, dark on white, which assistive technology announces as an image of this title.
///
/// @param title             UTF-8; escaped here, control characters left out
/// @param quietZoneModules  0 or more
std::string svgDocument(const QrSymbol& symbol, std::string_view title,
                        int quietZoneModules = kQrQuietZoneModules);

/// Which of its two colours a terminal writes with.
enum class TerminalInk : std::uint8_t {
  /// Light characters on a dark ground: the light modules are written.
  Light,
  /// Dark characters on a light ground: the dark modules are written.
  Dark,
};

/// Draws the symbol with half blocks, two rows of modules a line, without escape sequences.
///
/// @param ink               how the terminal writes; dark modules come out dark with either
/// @param quietZoneModules  0 or more
/// @return                  UTF-8: lines of sizeModules + 2 * quietZoneModules characters and a line feed
std::string terminalText(const QrSymbol& symbol, TerminalInk ink = TerminalInk::Light,
                         int quietZoneModules = kQrQuietZoneModules);

}  // namespace liangma
