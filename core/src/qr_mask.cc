// SPDX-License-Identifier: Apache-2.0
//
// Chooses the mask of a QR symbol (ISO/IEC 18004:2015, 7.8) and writes its format information.
//
// libqrencode is built without its mask.c, where it spends four fifths of its time, and without its mmask.c
// (Micro QR); this file gives it those functions. The penalties of the eight masks are counted on machine
// words, 64 lines of modules at a time. They are libqrencode's to the last point: so are the symbols.
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

namespace {

using Word = std::uint64_t;

constexpr int kMaxSize = QRSPEC_WIDTH_MAX;
constexpr int kMaskCount = 8;
constexpr int kWordBits = 64;
constexpr int kMaxStrips = (2 * kMaxSize + kWordBits - 1) / kWordBits;
/// Every mask pattern repeats after this many modules, across and down.
constexpr int kPatternPeriod = 12;

/// The weights of the four penalties: adjacent modules, blocks, finder-like patterns, proportion.
constexpr int kN1 = 3;
constexpr int kN2 = 3;
constexpr int kN3 = 40;
constexpr int kN4 = 10;

/// The bit of a module's byte in libqrencode's frames that says dark.
constexpr unsigned char kDarkBit = 0x01;

constexpr int kByteBits = 8;
/// The lowest bit of each byte of a word.
constexpr Word kDarkBits = 0x0101010101010101 * kDarkBit;

/// Eight bytes, the first in the lowest bits.
Word loadModules(const unsigned char* bytes) {
  Word modules = 0;
  for (int i = 0; i < kByteBits; ++i) modules |= Word{bytes[i]} << (kByteBits * i);
  return modules;
}

void storeModules(Word modules, unsigned char* bytes) {
  for (int i = 0; i < kByteBits; ++i) bytes[i] = static_cast<unsigned char>(modules >> (kByteBits * i));
}

/// Moves bit 8 * i to bit i, for i of 0..7; the other bits are 0.
Word gatherBits(Word bits) {
  return bits * 0x0102040810204080 >> 56;
}

/// The inverse of gatherBits().
Word spreadBits(Word bits) {
  const Word oneEach = bits * 0x0101010101010101 & 0x8040201008040201;
  return (oneEach + 0x7f7f7f7f7f7f7f7f) >> 7 & 0x0101010101010101;
}

/// One bit of each line of a symbol: its columns are lanes 0..size-1, its rows lanes size..2*size-1.
using Lanes = std::array<Word, kMaxStrips>;

/// Word i holds module i of 64 neighbouring lines; those around the symbol are light.
class Strip {
 public:
  static constexpr int kMargin = 6;

  Word& operator[](int i) { return words_[i + kMargin]; }
  Word operator[](int i) const { return words_[i + kMargin]; }

 private:
  std::array<Word, kMaxSize + 2 * kMargin> words_{};
};

using Block = std::array<Word, kWordBits>;

int stripCount(int size) {
  return (2 * size + kWordBits - 1) / kWordBits;
}

/// A word whose lowest `count` bits are set; none for a negative count, all from 64.
constexpr Word lowBits(int count) {
  if (count <= 0) return 0;
  return count >= kWordBits ? ~Word{0} : (Word{1} << count) - 1;
}

/// All lines of a symbol side by side: one operation on two words compares 64 pairs of modules.
struct Board {
  std::array<Strip, kMaxStrips> strips;

  void replace(int size, int x, int y, Word bit) {
    replaceBit(strips[x / kWordBits][y], x % kWordBits, bit);
    replaceBit(strips[(size + y) / kWordBits][x], (size + y) % kWordBits, bit);
  }
  /// Eight modules of row y, from column x on, the first lowest.
  Word eightOfRow(int x, int y) const {
    const int s = x / kWordBits, shift = x % kWordBits;
    return (strips[s][y] >> shift | strips[s + 1][y] << 1 << (kWordBits - 1 - shift)) & 0xff;
  }
  /// Sets those of eight modules whose bits are 1, in the lanes of columns only.
  void addToRow(int x, int y, Word eight) {
    const int s = x / kWordBits, shift = x % kWordBits;
    strips[s][y] |= eight << shift;
    strips[s + 1][y] |= eight >> 1 >> (kWordBits - 1 - shift);
  }
  /// Sets the lanes of rows, which are 0 so far, from those of columns.
  void copyColumnsToRows(int size);

 private:
  static void replaceBit(Word& word, int position, Word bit) {
    word = (word & ~(Word{1} << position)) | bit << position;
  }
};

/// Swaps bit i of word k with bit k of word i.
/// @source Henry S. Warren, Hacker's Delight, 7-3
void transpose(Block& block) {
  Word low = lowBits(kWordBits / 2);
  for (int width = kWordBits / 2; width != 0; width /= 2, low ^= low << width) {
    for (int k = 0; k < kWordBits; k = ((k | width) + 1) & ~width) {
      const Word swapped = (block[k] >> width ^ block[k | width]) & low;
      block[k] ^= swapped << width;
      block[k | width] ^= swapped;
    }
  }
}

void Board::copyColumnsToRows(int size) {
  for (int top = 0; top < size; top += kWordBits) {
    const int strip = (size + top) / kWordBits, shift = (size + top) % kWordBits;
    for (int left = 0; left < size; left += kWordBits) {
      Block block{};
      for (int y = top; y < std::min(top + kWordBits, size); ++y)
        block[y - top] = strips[left / kWordBits][y];
      transpose(block);
      for (int x = left; x < std::min(left + kWordBits, size); ++x) {
        strips[strip][x] |= block[x - left] << shift;
        if (strip + 1 < kMaxStrips) strips[strip + 1][x] |= block[x - left] >> 1 >> (kWordBits - 1 - shift);
      }
    }
  }
}

/// The mask conditions of ISO/IEC 18004, table 10: whether mask inverts the module of column x and row y.
constexpr bool inverts(int mask, int x, int y) {
  switch (mask) {
    case 0:
      return (x + y) % 2 == 0;
    case 1:
      return y % 2 == 0;
    case 2:
      return x % 3 == 0;
    case 3:
      return (x + y) % 3 == 0;
    case 4:
      return (y / 2 + x / 3) % 2 == 0;
    case 5:
      return x * y % 2 + x * y % 3 == 0;
    case 6:
      return (x * y % 2 + x * y % 3) % 2 == 0;
    default:
      return ((x + y) % 2 + x * y % 3) % 2 == 0;
  }
}

/// Where a mask inverts the first twelve columns, and the first twelve rows, at each of their first modules.
struct Tile {
  std::array<std::uint16_t, kPatternPeriod> columns{};
  std::array<std::uint16_t, kPatternPeriod> rows{};
};

constexpr Tile makeTile(int mask) {
  Tile tile;
  for (int i = 0; i < kPatternPeriod; ++i) {
    for (int lane = 0; lane < kPatternPeriod; ++lane) {
      const auto bit = static_cast<std::uint16_t>(1 << lane);
      if (inverts(mask, lane, i)) tile.columns[i] = static_cast<std::uint16_t>(tile.columns[i] | bit);
      if (inverts(mask, i, lane)) tile.rows[i] = static_cast<std::uint16_t>(tile.rows[i] | bit);
    }
  }
  return tile;
}

constexpr std::array<Tile, kMaskCount> kTiles{makeTile(0), makeTile(1), makeTile(2), makeTile(3),
                                              makeTile(4), makeTile(5), makeTile(6), makeTile(7)};

/// Twelve bits repeated over a word whose lowest bit is their bit `phase` mod 12.
Word repeatBits(Word bits, int phase) {
  const int turn = (phase % kPatternPeriod + kPatternPeriod) % kPatternPeriod;
  Word word = (bits >> turn | bits << (kPatternPeriod - turn)) & lowBits(kPatternPeriod);
  for (int width = kPatternPeriod; width < kWordBits; width *= 2) word |= word << width;
  return word;
}

/// Calls visit(x, y, bit) for the two modules of each bit 0..14 of the format information, bit 0 the least.
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

/// N1: a run of five or more equal modules costs 3, and 1 for each module after the fifth.
int adjacentPenalty(const Strip& strip, int size, Word lanes) {
  const auto sameAsNext = [&](int i) { return ~(strip[i] ^ strip[i + 1]); };
  int sum = 0;
  Word before = 0;
  Word same0 = sameAsNext(0), same1 = sameAsNext(1), same2 = sameAsNext(2);
  for (int i = 0; i + 5 <= size; ++i) {
    const Word same3 = sameAsNext(i + 3);
    const Word five = same0 & same1 & same2 & same3 & lanes;
    sum += std::popcount(five) + (kN1 - 1) * std::popcount(five & ~before);
    before = five;
    same0 = same1, same1 = same2, same2 = same3;
  }
  return sum;
}

/// The lanes whose modules begin..end-1 are all light. Those outside the symbol are.
Word allLight(const Strip& strip, int size, int begin, int end) {
  Word dark = 0;
  for (int i = std::max(begin, 0); i < std::min(end, size); ++i) dark |= strip[i];
  return ~dark;
}

/// The lanes whose modules begin..end-1, all inside the symbol, are dark.
Word allDark(const Strip& strip, int begin, int end) {
  Word dark = ~Word{0};
  for (int i = begin; i < end; ++i) dark &= strip[i];
  return dark;
}

/// Given lanes with three units of dark from `middle` on: those where they are the middle of dark and light
/// runs of exactly 1:1:3:1:1 units, with four units of light before or after.
Word finderLike(const Strip& strip, int size, int middle, int unit, Word lanes) {
  const int begin = middle - 2 * unit;
  const int end = middle + 5 * unit;
  lanes &= strip[middle - unit - 1] & ~strip[middle + 3 * unit] & strip[end - unit];
  if (lanes == 0) return 0;
  lanes &= allDark(strip, begin, begin + unit) & allLight(strip, size, begin + unit, middle);
  lanes &= allLight(strip, size, middle + 3 * unit, end - unit) & allDark(strip, end - unit, end);
  lanes &= allLight(strip, size, begin - 1, begin) & allLight(strip, size, end, end + 1);
  return lanes &
         (allLight(strip, size, begin - 4 * unit, begin) | allLight(strip, size, end, end + 4 * unit));
}

/// The same for a unit of one module, and without a branch: nearly all are of that size.
Word smallFinderLike(const Strip& strip, int middle, Word lanes) {
  const auto is = [&](int offset) { return strip[middle + offset]; };
  const Word darkBefore = is(-4) | is(-5) | is(-6);
  const Word darkAfter = is(6) | is(7) | is(8);
  return lanes & is(-2) & is(4) & ~(is(-3) | is(3) | is(5) | (darkBefore & darkAfter));
}

/// N3: each finder-like pattern costs 40, whatever its unit.
int finderPenalty(const Strip& strip, int size) {
  int found = 0;
  for (int i = 2; i + 5 <= size; ++i) {
    Word middle = ~strip[i - 1] & strip[i] & strip[i + 1] & strip[i + 2];
    found += std::popcount(smallFinderLike(strip, i, middle));
    for (int unit = 2; 2 * unit <= i && i + 5 * unit <= size; ++unit) {
      const int last = i + 3 * unit - 1;
      middle &= ~strip[i - unit] & strip[last - 2] & strip[last - 1] & strip[last];
      if (middle == 0) break;
      found += std::popcount(finderLike(strip, size, i, unit, middle));
    }
  }
  return kN3 * found;
}

/// N2: each block of 2 x 2 equal modules costs 3. Found by comparing neighbouring columns.
int blockPenalty(const Board& board, int size) {
  int blocks = 0;
  for (int first = 0, s = 0; first < size - 1; first += kWordBits, ++s) {
    const Strip& strip = board.strips[s];
    const Word lanes = lowBits(size - 1 - first);
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

/// N4: each full 5 per cent between the share of dark modules, rounded to 1 per cent, and a half costs 10.
int proportionPenalty(const Board& board, int size) {
  int darkTwice = 0;
  for (int s = 0; s < stripCount(size); ++s) {
    for (int i = 0; i < size; ++i) darkTwice += std::popcount(board.strips[s][i]);
  }
  const int area = size * size;
  const int percent = (100 * darkTwice + area) / (2 * area);
  return std::abs(percent - 50) / 5 * kN4;
}

/// The sum of the penalties, or some number that is at least `limit` where the sum is.
int penaltyOf(const Board& board, int size, int limit) {
  int sum = proportionPenalty(board, size) + blockPenalty(board, size);
  for (int s = 0; s < stripCount(size) && sum < limit; ++s) {
    sum += adjacentPenalty(board.strips[s], size, lowBits(2 * size - s * kWordBits));
    sum += finderPenalty(board.strips[s], size);
  }
  return sum;
}

/// One symbol, to try masks on.
class Masker {
 public:
  /// @param frame  size * size modules as libqrencode keeps them; outlives the masker
  Masker(int size, const unsigned char* frame, QRecLevel level) : size_(size), level_(level), frame_(frame) {
    forEachEight([&](int x, int y) {
      const Word modules = loadModules(frame + std::ptrdiff_t{y} * size + x);
      unmasked_.addToRow(x, y, gatherBits(modules & kDarkBits));
      maskable_.addToRow(x, y, gatherBits(~modules >> 7 & kDarkBits));
    });
    unmasked_.copyColumnsToRows(size);
    maskable_.copyColumnsToRows(size);
  }

  void apply(int mask) {
    for (int s = 0; s < stripCount(size_); ++s) {
      const std::array<Word, kPatternPeriod> pattern = patternOf(mask, s * kWordBits);
      for (int i = 0; i < size_; ++i)
        masked_.strips[s][i] =
            unmasked_.strips[s][i] ^ (pattern[i % kPatternPeriod] & maskable_.strips[s][i]);
    }
    const unsigned format = QRspec_getFormatInfo(mask, level_);
    forEachFormatModule(size_,
                        [&](int x, int y, int bit) { masked_.replace(size_, x, y, format >> bit & 1); });
  }

  /// The penalty of the mask applied last; see penaltyOf().
  int penalty(int limit) const { return penaltyOf(masked_, size_, limit); }

  /// The frame under the mask applied last, for the caller to free; null if there is no memory.
  unsigned char* newFrame() const {
    auto* frame = static_cast<unsigned char*>(std::malloc(static_cast<std::size_t>(size_) * size_));
    if (frame == nullptr) return nullptr;
    forEachEight([&](int x, int y) {
      const Word others = loadModules(frame_ + std::ptrdiff_t{y} * size_ + x) & ~kDarkBits;
      storeModules(others | spreadBits(masked_.eightOfRow(x, y)), frame + std::ptrdiff_t{y} * size_ + x);
    });
    return frame;
  }

 private:
  /// Calls visit(x, y) for each eight modules from (x, y) to the right; those at the end of a row overlap.
  template <class Visit>
  void forEachEight(Visit visit) const {
    for (int y = 0; y < size_; ++y) {
      for (int x = 0; x < size_; x += kByteBits) visit(std::min(x, size_ - kByteBits), y);
    }
  }

  /// Where a mask inverts module i of 64 lanes, columns below `size_` and rows from there on.
  std::array<Word, kPatternPeriod> patternOf(int mask, int firstLane) const {
    const Word columns = lowBits(size_ - firstLane);
    std::array<Word, kPatternPeriod> pattern{};
    for (int i = 0; i < kPatternPeriod; ++i) {
      pattern[i] = (repeatBits(kTiles[mask].columns[i], firstLane) & columns) |
                   (repeatBits(kTiles[mask].rows[i], firstLane - size_) & ~columns);
    }
    return pattern;
  }

  int size_;
  QRecLevel level_;
  const unsigned char* frame_;
  Board unmasked_{};
  Board maskable_{};
  Board masked_{};
};

/// The mask of least penalty, the first of several.
int bestMask(Masker& masker) {
  int best = 0;
  int least = INT_MAX;
  for (int mask = 0; mask < kMaskCount; ++mask) {
    masker.apply(mask);
    const int penalty = masker.penalty(least);
    if (penalty >= least) continue;
    least = penalty;
    best = mask;
  }
  return best;
}

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
  masker.apply(bestMask(masker));
  return masker.newFrame();
}

// No Micro QR here: its encoder gets no mask, and fails.
extern "C" unsigned char* MMask_makeMask(int, unsigned char*, int, QRecLevel) {
  errno = EINVAL;
  return nullptr;
}

extern "C" unsigned char* MMask_mask(int, unsigned char*, QRecLevel) {
  errno = EINVAL;
  return nullptr;
}
