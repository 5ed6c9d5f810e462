// SPDX-License-Identifier: Apache-2.0
//
// Chooses the mask of a QR symbol (ISO/IEC 18004:2015, 7.8) and writes its format information.
//
// libqrencode is built without its mask.c, where it spends four fifths of its time, and without its mmask.c
// (Micro QR); this file gives it those functions. The penalties of the eight masks are counted on machine words,
// 64 lines of modules at a time, and are to the last point those of libqrencode, so the symbols are the same.
#include <qrencode.h>

extern "C" {
#include <mask.h>
#include <mmask.h>
#include <qrspec.h>
}

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace {

using Word = std::uint64_t;

constexpr int kMaxSize = QRSPEC_WIDTH_MAX;
constexpr int kMaskCount = 8;
constexpr int kWordBits = 64;
constexpr int kMaxStrips = (2 * kMaxSize + kWordBits - 1) / kWordBits;
/// Every mask pattern repeats after this many modules, across and down.
constexpr int kPatternPeriod = 12;

constexpr int kN1 = 3;
constexpr int kN2 = 3;
constexpr int kN3 = 40;
constexpr int kN4 = 10;

/// Flags that libqrencode keeps in the byte of a module, beside bit 0 (dark).
constexpr unsigned char kFunctionModule = 0x80;
constexpr unsigned char kFormatModule = 0x84;

/// One bit of each line of a symbol: its columns are lanes 0..size-1, its rows lanes size..2*size-1.
using Lanes = std::array<Word, kMaxStrips>;
/// Word i holds module i of 64 neighbouring lines; those after the last module are light.
using Strip = std::array<Word, kMaxSize + 1>;

/// All lines of a symbol side by side, so that an operation on two words compares 64 pairs of modules.
struct Board {
  std::array<Strip, kMaxStrips> strips;

  void orModule(int size, int x, int y, Word bit) {
    orBit(x, y, bit);
    orBit(size + y, x, bit);
  }
  void setModule(int size, int x, int y, bool dark) {
    setBit(x, y, dark);
    setBit(size + y, x, dark);
  }
  bool dark(int x, int y) const { return (strips[x / kWordBits][y] >> (x % kWordBits) & 1) != 0; }

 private:
  void orBit(int lane, int i, Word bit) { strips[lane / kWordBits][i] |= bit << (lane % kWordBits); }
  void setBit(int lane, int i, bool dark) {
    const Word bit = Word{1} << (lane % kWordBits);
    Word& word = strips[lane / kWordBits][i];
    word = dark ? word | bit : word & ~bit;
  }
};

int stripCount(int size) { return (2 * size + kWordBits - 1) / kWordBits; }

/// The lanes of a strip that are lines; `lanes` of them are in this strip and those after it.
Word lanesBelow(int lanes) {
  if (lanes <= 0) return 0;
  return lanes >= kWordBits ? ~Word{0} : (Word{1} << lanes) - 1;
}

/// The mask conditions of ISO/IEC 18004, table 10: whether mask inverts the module of column x and row y.
constexpr bool inverts(int mask, int x, int y) {
  switch (mask) {
    case 0: return (x + y) % 2 == 0;
    case 1: return y % 2 == 0;
    case 2: return x % 3 == 0;
    case 3: return (x + y) % 3 == 0;
    case 4: return (y / 2 + x / 3) % 2 == 0;
    case 5: return x * y % 2 + x * y % 3 == 0;
    case 6: return (x * y % 2 + x * y % 3) % 2 == 0;
    default: return ((x + y) % 2 + x * y % 3) % 2 == 0;
  }
}

/// The first modules of twelve lines at each of twelve steps: of columns where they begin the lanes, or of rows.
struct Tile {
  std::array<std::uint16_t, kPatternPeriod> columns{};
  std::array<std::uint16_t, kPatternPeriod> rows{};
};

constexpr std::array<Tile, kMaskCount> makeTiles() {
  std::array<Tile, kMaskCount> tiles{};
  for (int mask = 0; mask < kMaskCount; ++mask) {
    for (int i = 0; i < kPatternPeriod; ++i) {
      for (int lane = 0; lane < kPatternPeriod; ++lane) {
        if (inverts(mask, lane, i)) tiles[mask].columns[i] |= 1 << lane;
        if (inverts(mask, i, lane)) tiles[mask].rows[i] |= 1 << lane;
      }
    }
  }
  return tiles;
}

constexpr std::array<Tile, kMaskCount> kTiles = makeTiles();

/// Repeats twelve bits over the lanes begin..end-1.
void repeatBits(Word bits, int begin, int end, Lanes& lanes) {
  for (int lane = begin; lane < end; lane += kPatternPeriod) {
    const Word part = bits & lanesBelow(end - lane);
    const int shift = lane % kWordBits;
    lanes[lane / kWordBits] |= part << shift;
    if (shift + kPatternPeriod > kWordBits && part >> (kWordBits - shift) != 0) {
      lanes[lane / kWordBits + 1] |= part >> (kWordBits - shift);
    }
  }
}

/// Calls visit(x, y, bit) for the modules that carry bit 0 (the least) .. 14 of the format information, twice each.
template <class Visit>
void forEachFormatModule(int size, Visit visit) {
  for (int bit = 0; bit < 15; ++bit) {
    const int afterTiming = bit >= 6 && bit < 9 ? 1 : 0;
    if (bit < 8) {
      visit(8, bit + afterTiming, bit);
      visit(size - 1 - bit, 8, bit);
    } else {
      visit(14 - bit + afterTiming, 8, bit);
      visit(8, size - 15 + bit, bit);
    }
  }
}

/// N1: a run of five or more equal modules costs 3 and one more for each module after the fifth.
int adjacentPenalty(const Strip& strip, int size, Word lanes) {
  int penalty = 0;
  Word before = 0;
  const auto same = [&](int i) { return ~(strip[i] ^ strip[i + 1]); };
  Word same0 = same(0), same1 = same(1), same2 = same(2);
  for (int i = 0; i + 4 < size; ++i) {
    const Word same3 = same(i + 3);
    const Word five = same0 & same1 & same2 & same3 & lanes;
    penalty += std::popcount(five) + (kN1 - 1) * std::popcount(five & ~before);
    before = five;
    same0 = same1, same1 = same2, same2 = same3;
  }
  return penalty;
}

/// Lanes whose modules begin..end-1 are all light; those outside the symbol are.
Word light(const Strip& strip, int size, int begin, int end) {
  Word dark = 0;
  for (int i = std::max(begin, 0); i < std::min(end, size); ++i) dark |= strip[i];
  return ~dark;
}

Word dark(const Strip& strip, int begin, int end) {
  Word dark = ~Word{0};
  for (int i = begin; i < end; ++i) dark &= strip[i];
  return dark;
}

/// Lanes where dark 1:1:3:1:1 of this unit has its middle at centre.., with four units of light on one side.
Word finderLike(const Strip& strip, int size, int centre, int unit) {
  const int begin = centre - 2 * unit;
  const int end = centre + 5 * unit;
  const Word ratio = dark(strip, begin, begin + unit) & light(strip, size, begin + unit, centre) &
                     light(strip, size, centre + 3 * unit, end - unit) & dark(strip, end - unit, end) &
                     light(strip, size, begin - 1, begin) & light(strip, size, end, end + 1);
  if (ratio == 0) return 0;
  return ratio & (light(strip, size, begin - 4 * unit, begin) | light(strip, size, end, end + 4 * unit));
}

/// N3: each finder-like pattern costs 40, whatever its unit.
int finderPenalty(const Strip& strip, int size) {
  int found = 0;
  for (int i = 2; i + 5 <= size; ++i) {
    Word middle = ~strip[i - 1] & strip[i] & strip[i + 1] & strip[i + 2];
    for (int unit = 1; middle != 0 && i >= 2 * unit && i + 5 * unit <= size; ++unit) {
      found += std::popcount(middle & finderLike(strip, size, i, unit));
      const int next = i + 3 * unit;
      middle &= ~strip[i - unit - 1] & strip[next] & strip[next + 1] & strip[next + 2];
    }
  }
  return kN3 * found;
}

/// N2: each block of 2 x 2 equal modules costs 3. Counted on the columns.
int blockPenalty(const Board& board, int size) {
  int blocks = 0;
  for (int first = 0, s = 0; first < size - 1; first += kWordBits, ++s) {
    const Strip& strip = board.strips[s];
    const Word lanes = lanesBelow(size - 1 - first);
    const auto equalNext = [&](int i) {
      const Word after = s + 1 < kMaxStrips ? board.strips[s + 1][i] << (kWordBits - 1) : 0;
      return ~(strip[i] ^ (strip[i] >> 1 | after));
    };
    Word above = equalNext(0);
    for (int i = 1; i < size; ++i) {
      const Word here = equalNext(i);
      blocks += std::popcount(above & here & ~(strip[i - 1] ^ strip[i]) & lanes);
      above = here;
    }
  }
  return kN2 * blocks;
}

/// N4: each full 5 per cent by which the dark modules are away from half costs 10.
int proportionPenalty(const Board& board, int size) {
  int darkTwice = 0;
  for (int s = 0; s < stripCount(size); ++s) {
    for (int i = 0; i < size; ++i) darkTwice += std::popcount(board.strips[s][i]);
  }
  const int area = size * size;
  const int percent = (100 * darkTwice + area) / (2 * area);
  return std::abs(percent - 50) / 5 * kN4;
}

int penalty(const Board& board, int size) {
  int sum = proportionPenalty(board, size) + blockPenalty(board, size);
  for (int s = 0; s < stripCount(size); ++s) {
    sum += adjacentPenalty(board.strips[s], size, lanesBelow(2 * size - s * kWordBits));
    sum += finderPenalty(board.strips[s], size);
  }
  return sum;
}

/// Tries the masks on one symbol.
class Masker {
 public:
  Masker(int size, const unsigned char* frame, QRecLevel level) : size_(size), level_(level), frame_(frame) {
    for (int y = 0; y < size; ++y) {
      for (int x = 0; x < size; ++x) {
        const unsigned char module = *frame++;
        unmasked_.orModule(size, x, y, module & 1);
        free_.orModule(size, x, y, (module & kFunctionModule) == 0);
      }
    }
  }

  void apply(int mask) {
    std::array<Lanes, kPatternPeriod> pattern{};
    for (int i = 0; i < kPatternPeriod; ++i) {
      repeatBits(kTiles[mask].columns[i], 0, size_, pattern[i]);
      repeatBits(kTiles[mask].rows[i], size_, 2 * size_, pattern[i]);
    }
    for (int s = 0; s < stripCount(size_); ++s) {
      for (int i = 0; i < size_; ++i) {
        masked_.strips[s][i] = unmasked_.strips[s][i] ^ (pattern[i % kPatternPeriod][s] & free_.strips[s][i]);
      }
    }
    const unsigned format = QRspec_getFormatInfo(mask, level_);
    forEachFormatModule(size_, [&](int x, int y, int bit) {
      masked_.setModule(size_, x, y, (format >> bit & 1) != 0);
    });
  }

  int penalty() const { return ::penalty(masked_, size_); }

  /// The frame under the mask applied last, to be freed by the caller, or null.
  unsigned char* newFrame() const {
    auto* frame = static_cast<unsigned char*>(std::malloc(static_cast<std::size_t>(size_) * size_));
    if (frame == nullptr) return nullptr;
    for (int y = 0, i = 0; y < size_; ++y) {
      for (int x = 0; x < size_; ++x, ++i) frame[i] = (frame_[i] & ~1) | masked_.dark(x, y);
    }
    return frame;
  }

 private:
  int size_;
  QRecLevel level_;
  const unsigned char* frame_;
  Board unmasked_{};
  Board free_{};
  Board masked_{};
};

}  // namespace

extern "C" unsigned char* Mask_makeMask(int width, unsigned char* frame, int mask, QRecLevel level) {
  if (mask < 0 || mask >= kMaskCount) {
    errno = EINVAL;
    return nullptr;
  }
  Masker masker(width, frame, level);
  masker.apply(mask);
  return masker.newFrame();
}

extern "C" unsigned char* Mask_mask(int width, unsigned char* frame, QRecLevel level) {
  Masker masker(width, frame, level);
  int best = 0;
  int least = INT_MAX;
  for (int mask = 0; mask < kMaskCount; ++mask) {
    masker.apply(mask);
    const int penalty = masker.penalty();
    if (penalty < least) {
      least = penalty;
      best = mask;
    }
  }
  masker.apply(best);
  return masker.newFrame();
}

extern "C" unsigned char* MMask_makeMask(int, unsigned char*, int, QRecLevel) { return nullptr; }
extern "C" unsigned char* MMask_mask(int, unsigned char*, QRecLevel) { return nullptr; }
