// SPDX-License-Identifier: Apache-2.0
//
// The mask functions that stand in for libqrencode's, held against its own on frames that no text would make:
// full of the patterns that penalties are given for, in every size.
#include <array>
#include <cstdlib>
#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <qrencode.h>

extern "C" {
#include <mask.h>
}

#include "core/stock_qrencode.h"

namespace {

constexpr unsigned char kFunctionBit = 0x80;

int sizeOf(int version) {
  return 17 + 4 * version;
}

struct Frame {
  int size;
  std::vector<unsigned char> modules;

  unsigned char& at(int x, int y) { return modules[static_cast<std::size_t>(y * size + x)]; }
};

/// The function modules of a version; the others are light.
Frame emptyFrame(int version) {
  const int size = sizeOf(version);
  unsigned char* modules = stock_QRspec_newFrame(version);
  Frame frame{size, {modules, modules + size * size}};
  std::free(modules);
  return frame;
}

using Modules = std::vector<int>;

Modules takeModules(unsigned char* masked, int size) {
  const std::unique_ptr<unsigned char, decltype(&std::free)> owner(masked, &std::free);
  Modules modules(masked, masked + size * size);
  for (int& module : modules) module &= 1;
  return modules;
}

Modules ours(Frame frame, QRecLevel level) {
  return takeModules(Mask_mask(frame.size, frame.modules.data(), level), frame.size);
}

Modules stock(Frame frame, QRecLevel level) {
  return takeModules(stock_Mask_mask(frame.size, frame.modules.data(), level), frame.size);
}

/// Runs of modules that now and then make a finder-like pattern of 1..maxUnit modules a unit, or nearly one.
class RunMaker {
 public:
  RunMaker(std::mt19937& random, int maxUnit) : random_(random), maxUnit_(maxUnit) {}

  std::vector<bool> line(int length) {
    line_.clear();
    while (static_cast<int>(line_.size()) < length)
      random_() % 3 == 0 ? addFinderLike() : add(random_() % 4 + 1);
    line_.resize(static_cast<std::size_t>(length));
    return line_;
  }

 private:
  void add(std::size_t run) {
    line_.insert(line_.end(), run, line_.empty() ? random_() % 2 == 0 : !line_.back());
  }
  void addFinderLike() {
    const std::size_t unit = 1 + random_() % static_cast<unsigned>(maxUnit_);
    const std::array<std::size_t, 7> runs{random_() % 6, 1, 1, 3, 1, 1, random_() % 6};
    for (const std::size_t units : runs) {
      const bool nearly = random_() % 20 == 0;
      add(units * unit + (nearly ? 1 : 0));
    }
  }

  std::mt19937& random_;
  int maxUnit_;
  std::vector<bool> line_;
};

/// A frame whose lines, rows or columns, carry these runs once one certain mask is on it.
Frame patternedFrame(std::mt19937& random, int version, int maxUnit) {
  Frame frame = emptyFrame(version);
  RunMaker runs(random, maxUnit);
  const bool rows = random() % 2 == 0;
  for (int i = 0; i < frame.size; ++i) {
    const std::vector<bool> line = runs.line(frame.size);
    for (int j = 0; j < frame.size; ++j) {
      unsigned char& module = rows ? frame.at(j, i) : frame.at(i, j);
      if ((module & kFunctionBit) == 0) module = line[static_cast<std::size_t>(j)] ? 1 : 0;
    }
  }
  Frame masked = frame;
  const int mask = static_cast<int>(random() % 8);
  unsigned char* modules = stock_Mask_makeMask(frame.size, frame.modules.data(), mask, QR_ECLEVEL_L);
  masked.modules.assign(modules, modules + frame.size * frame.size);
  std::free(modules);
  for (std::size_t i = 0; i < frame.modules.size(); ++i) {
    if ((frame.modules[i] & kFunctionBit) != 0) masked.modules[i] = frame.modules[i];
  }
  return masked;
}

TEST(QrMaskTest, AppliesEachMaskAsStockLibraryDoes) {
  std::mt19937 random(2);
  for (int version = 1; version <= 40; ++version) {
    Frame frame = patternedFrame(random, version, 2);
    for (int mask = 0; mask < 8; ++mask) {
      const auto level = static_cast<QRecLevel>(random() % 4);
      EXPECT_EQ(takeModules(Mask_makeMask(frame.size, frame.modules.data(), mask, level), frame.size),
                takeModules(stock_Mask_makeMask(frame.size, frame.modules.data(), mask, level), frame.size))
          << "version " << version << ", mask " << mask;
    }
  }
}

TEST(QrMaskTest, ChoosesTheMaskOfStockLibraryOnFinderLikePatternsOfManySizes) {
  std::mt19937 random(3);
  for (int round = 0; round < 600; ++round) {
    const int version = 1 + static_cast<int>(random() % (round % 10 == 0 ? 40 : 8));
    const int maxUnit = 1 + static_cast<int>(random() % 4);
    const Frame frame = patternedFrame(random, version, maxUnit);
    const auto level = static_cast<QRecLevel>(random() % 4);
    ASSERT_EQ(ours(frame, level), stock(frame, level)) << "round " << round << ", version " << version;
  }
}

TEST(QrMaskTest, ChoosesTheMaskOfStockLibraryOnFramesOfAnyProportion) {
  std::mt19937 random(4);
  for (int round = 0; round < 4000; ++round) {
    Frame frame = emptyFrame(1 + round % 4);
    const auto darkOf16 = 4 + random() % 9;
    for (unsigned char& module : frame.modules) {
      if ((module & kFunctionBit) == 0) module = random() % 16 < darkOf16 ? 1 : 0;
    }
    ASSERT_EQ(ours(frame, QR_ECLEVEL_Q), stock(frame, QR_ECLEVEL_Q)) << "round " << round;
  }
}

TEST(QrMaskTest, ChoosesTheMaskOfStockLibraryOnUniformFrames) {
  for (int version = 1; version <= 40; ++version) {
    for (const bool dark : {false, true}) {
      Frame frame = emptyFrame(version);
      for (unsigned char& module : frame.modules) {
        if ((module & kFunctionBit) == 0) module = dark ? 1 : 0;
      }
      EXPECT_EQ(ours(frame, QR_ECLEVEL_M), stock(frame, QR_ECLEVEL_M)) << "version " << version;
    }
  }
}

TEST(QrMaskTest, RefusesMasksThatDoNotExist) {
  Frame frame = emptyFrame(1);
  EXPECT_EQ(Mask_makeMask(frame.size, frame.modules.data(), -1, QR_ECLEVEL_M), nullptr);
  EXPECT_EQ(Mask_makeMask(frame.size, frame.modules.data(), 8, QR_ECLEVEL_M), nullptr);
}

}  // namespace
