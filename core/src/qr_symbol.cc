// SPDX-License-Identifier: Apache-2.0
#include "liangma/qr_symbol.h"

#include <array>
#include <cerrno>
#include <memory>

#include <qrencode.h>

namespace liangma {
namespace {

constexpr std::size_t kMaxAlphanumericChars = 4296;

struct Free {
  void operator()(QRinput* input) const { QRinput_free(input); }
  void operator()(QRcode* code) const { QRcode_free(code); }
};

/// Takes the text in alphanumeric mode, or else, if it has other characters, in byte mode.
bool append(QRinput* input, std::string_view text) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const int size = static_cast<int>(text.size());
  return QRinput_append(input, QR_MODE_AN, size, bytes) == 0 ||
         QRinput_append(input, QR_MODE_8, size, bytes) == 0;
}

QRecLevel levelOf(QrLevel level) {
  constexpr std::array kLevels{QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};
  return kLevels[static_cast<std::size_t>(level)];
}

QrSymbol copySymbol(const QRcode& code) {
  QrSymbol symbol{code.width, {code.data, code.data + std::ptrdiff_t{code.width} * code.width}};
  for (std::uint8_t& module : symbol.modules) module &= 1;
  return symbol;
}

/// Calls draw(x, y, length) for each horizontal run of dark modules, from the top left.
template <class Draw>
void forEachDarkRun(const QrSymbol& symbol, Draw draw) {
  for (int y = 0; y < symbol.sizeModules; ++y) {
    for (int x = 0; x < symbol.sizeModules; ++x) {
      const int begin = x;
      while (symbol.dark(x, y)) ++x;
      if (x > begin) draw(begin, y, x - begin);
    }
  }
}

void appendRun(std::string& path, int x, int y, int length) {
  const std::string across = std::to_string(length);
  path += 'M';
  path += std::to_string(x);
  path += ' ';
  path += std::to_string(y);
  path += 'h';
  path += across;
  path += "v1h-";
  path += across;
  path += 'z';
}

void appendEscaped(std::string& xml, char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (c == '&') {
    xml += "&amp;";
  } else if (c == '<') {
    xml += "&lt;";
  } else if (c == '>') {
    xml += "&gt;";
  } else if (byte >= 0x20 && byte != 0x7f) {
    xml += c;
  }
}

/// The character that has ink in its upper half, its lower half, both or neither.
std::string_view halfBlock(bool upper, bool lower) {
  if (upper) return lower ? "█" : "▀";
  return lower ? "▄" : " ";
}

}  // namespace

Result<QrSymbol> makeQrSymbol(std::string_view text, QrLevel level, int minVersion) {
  if (text.empty()) return Errc::FormatEmpty;
  if (minVersion < 1 || minVersion > QRSPEC_VERSION_MAX) return Error{Errc::MisuseArgument, "minVersion"};
  if (text.size() > kMaxAlphanumericChars) return Errc::MisuseTooLarge;

  const std::unique_ptr<QRinput, Free> input(QRinput_new2(minVersion, levelOf(level)));
  if (input == nullptr) return Errc::Internal;
  if (!append(input.get(), text)) return Errc::Internal;

  const std::unique_ptr<QRcode, Free> code(QRcode_encodeInput(input.get()));
  if (code == nullptr) return errno == ERANGE ? Errc::MisuseTooLarge : Errc::Internal;
  return copySymbol(*code);
}

std::string svgPath(const QrSymbol& symbol, int quietZoneModules) {
  std::string path;
  forEachDarkRun(symbol, [&](int x, int y, int length) {
    appendRun(path, x + quietZoneModules, y + quietZoneModules, length);
  });
  return path;
}

std::string svgDocument(const QrSymbol& symbol, std::string_view title, int quietZoneModules) {
  const std::string side = std::to_string(symbol.sizeModules + 2 * quietZoneModules);
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + " " + side +
                    "\" role=\"img\" shape-rendering=\"crispEdges\">\n<title>";
  for (const char c : title) appendEscaped(svg, c);
  svg += "</title>\n<path fill=\"#fff\" d=\"M0 0h" + side + "v" + side + "H0z\"/>\n<path d=\"";
  svg += svgPath(symbol, quietZoneModules);
  svg += "\"/>\n</svg>\n";
  return svg;
}

std::string terminalText(const QrSymbol& symbol, TerminalInk ink, int quietZoneModules) {
  const bool inked = ink == TerminalInk::Dark;
  const int end = symbol.sizeModules + quietZoneModules;
  std::string text;
  for (int y = -quietZoneModules; y < end; y += 2) {
    for (int x = -quietZoneModules; x < end; ++x) {
      text += halfBlock(symbol.dark(x, y) == inked, symbol.dark(x, y + 1) == inked);
    }
    text += '\n';
  }
  return text;
}

}  // namespace liangma
