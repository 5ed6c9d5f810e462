/* SPDX-License-Identifier: Apache-2.0 */
/* A third of the wallet's wasm module would be libsodium's table of multiples of the base point: 30 KB that
 * do not compress, and that follow from one point. The link step takes them out of the data section, and the
 * module puts them back before it is first used, with libsodium's own arithmetic. libsodium's code is
 * compiled as it is. */
#include "crypto/base_table.h"

#include <stdlib.h>

enum { kRows = 32, kColumns = 8, kCount = kRows * kColumns, kNotPacked = 0x6c6d6274 };

const volatile uint32_t liangmaBaseTableAddress = kNotPacked;

static void add(ge25519_p3* sum, const ge25519_p3* point, const ge25519_cached* addend) {
  ge25519_p1p1 completed;
  ge25519_add(&completed, point, addend);
  ge25519_p1p1_to_p3(sum, &completed);
}

static void doubleTimes(ge25519_p3* point, int times) {
  ge25519_cached self;
  for (int i = 0; i < times; ++i) {
    ge25519_p3_to_cached(&self, point);
    add(point, point, &self);
  }
}

/* The multiples in projective form; every row starts at 256 times the point of the row before. */
static void multiply(ge25519_cached multiples[kCount]) {
  static const unsigned char kBase[32] = {0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
                                          0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
                                          0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66};
  ge25519_p3 point;
  ge25519_frombytes(&point, kBase);
  for (int row = 0; row < kRows; ++row) {
    ge25519_cached* first = &multiples[row * kColumns];
    ge25519_p3_to_cached(first, &point);
    for (int column = 1; column < kColumns; ++column) {
      add(&point, &point, first);
      ge25519_p3_to_cached(first + column, &point);
    }
    doubleTimes(&point, 5); /* from 8 to 256 */
  }
}

/* Inverts every Z with one inversion (Montgomery's trick). */
static void invertAll(const ge25519_cached multiples[kCount], fe25519 inverses[kCount]) {
  fe25519 rest;
  fe25519_copy(inverses[0], multiples[0].Z);
  for (int i = 1; i < kCount; ++i) fe25519_mul(inverses[i], inverses[i - 1], multiples[i].Z);
  fe25519_invert(rest, inverses[kCount - 1]);
  for (int i = kCount - 1; i > 0; --i) {
    fe25519_mul(inverses[i], rest, inverses[i - 1]);
    fe25519_mul(rest, rest, multiples[i].Z);
  }
  fe25519_copy(inverses[0], rest);
}

/* The product in the one form that libsodium's table has. */
static void scale(fe25519 product, const fe25519 coordinate, const fe25519 inverse) {
  unsigned char canonical[32];
  fe25519_mul(product, coordinate, inverse);
  fe25519_tobytes(canonical, product);
  fe25519_frombytes(product, canonical);
}

int liangmaMakeBaseTable(ge25519_precomp table[kRows][kColumns]) {
  ge25519_cached* multiples = malloc(kCount * sizeof *multiples);
  fe25519* inverses = malloc(kCount * sizeof *inverses);
  const int made = multiples != NULL && inverses != NULL;
  if (made) {
    multiply(multiples);
    invertAll(multiples, inverses);
    for (int i = 0; i < kCount; ++i) {
      ge25519_precomp* entry = &table[i / kColumns][i % kColumns];
      scale(entry->yplusx, multiples[i].YplusX, inverses[i]);
      scale(entry->yminusx, multiples[i].YminusX, inverses[i]);
      scale(entry->xy2d, multiples[i].T2d, inverses[i]);
    }
  }
  free(inverses);
  free(multiples);
  return made ? 0 : -1;
}

#ifdef __EMSCRIPTEN__
__attribute__((constructor, used)) static void restoreBaseTable(void) {
  const uint32_t address = liangmaBaseTableAddress;
  if (address != kNotPacked && liangmaMakeBaseTable((ge25519_precomp(*)[kColumns])(uintptr_t)address) != 0)
    abort();
}
#endif
