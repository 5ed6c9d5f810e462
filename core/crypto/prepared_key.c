/* SPDX-License-Identifier: Apache-2.0 */
/* Checking an Ed25519 signature of a key that was met before, with libsodium's own arithmetic: the same
 * checks and the same equation as its verify (RFC 8032, 5.1.7, without the cofactor), by tables instead of
 * 253 doublings. */
#include "crypto/prepared_key.h"

#include <stdlib.h>

#include "crypto/base_table.h"
#include "crypto_hash_sha512.h"
#include "crypto_verify_32.h"

enum { kDigits = 64 };

struct LiangmaMultiples {
  ge25519_cached of[kLiangmaTableRows][kLiangmaTableColumns];
};

static struct LiangmaMultiples* prepare(const ge25519_p3* point) {
  struct LiangmaMultiples* multiples = malloc(sizeof *multiples);
  if (multiples != NULL) liangmaMultiply(point, multiples->of);
  return multiples;
}

struct LiangmaMultiples* liangmaPrepareBase(void) {
  ge25519_p3 base;
  liangmaBasePoint(&base);
  return prepare(&base);
}

struct LiangmaMultiples* liangmaPrepareKey(const unsigned char public32[32]) {
  ge25519_p3 negated;
  if (!ge25519_is_canonical(public32) || ge25519_has_small_order(public32) ||
      ge25519_frombytes_negate_vartime(&negated, public32) != 0)
    return NULL;
  return prepare(&negated);
}

void liangmaFreeMultiples(struct LiangmaMultiples* multiples) {
  free(multiples);
}

/* Writes a scalar below 2^253 in base 16 with digits of -8..7, the last one up to 8. */
static void recode(signed char digits[kDigits], const unsigned char scalar32[32]) {
  int carry = 0;
  for (int i = 0; i < kDigits; ++i) {
    const int digit = (scalar32[i / 2] >> (i % 2 * 4) & 15) + carry;
    carry = i < kDigits - 1 && digit >= 8;
    digits[i] = (signed char)(digit - carry * 16);
  }
}

static void addMultiple(ge25519_p3* sum, const ge25519_cached row[kLiangmaTableColumns], int digit) {
  ge25519_p1p1 completed;
  if (digit == 0) return;
  if (digit > 0)
    ge25519_add(&completed, sum, &row[digit - 1]);
  else
    ge25519_sub(&completed, sum, &row[-digit - 1]);
  ge25519_p1p1_to_p3(sum, &completed);
}

/* a * A + b * B */
static void combine(ge25519_p3* sum, const struct LiangmaMultiples* ofA, const unsigned char a32[32],
                    const struct LiangmaMultiples* ofB, const unsigned char b32[32]) {
  signed char a[kDigits], b[kDigits];
  recode(a, a32);
  recode(b, b32);
  fe25519_0(sum->X);
  fe25519_1(sum->Y);
  fe25519_1(sum->Z);
  fe25519_0(sum->T);
  for (int odd = 1; odd >= 0; --odd) {
    for (int row = 0; row < kLiangmaTableRows; ++row) {
      addMultiple(sum, ofA->of[row], a[2 * row + odd]);
      addMultiple(sum, ofB->of[row], b[2 * row + odd]);
    }
    if (odd) liangmaDouble(sum, 4);
  }
}

static void challenge(unsigned char hash64[64], const unsigned char r32[32], const unsigned char public32[32],
                      const unsigned char* message, size_t size) {
  crypto_hash_sha512_state state;
  crypto_hash_sha512_init(&state);
  crypto_hash_sha512_update(&state, r32, 32);
  crypto_hash_sha512_update(&state, public32, 32);
  crypto_hash_sha512_update(&state, message, size);
  crypto_hash_sha512_final(&state, hash64);
  sc25519_reduce(hash64);
}

int liangmaVerifyPrepared(const struct LiangmaMultiples* base, const struct LiangmaMultiples* key,
                          const unsigned char public32[32], const unsigned char signature64[64],
                          const unsigned char* message, size_t size) {
  const unsigned char* s32 = signature64 + 32;
  unsigned char hash64[64], found32[32];
  ge25519_p3 r;
  if (!sc25519_is_canonical(s32) || ge25519_has_small_order(signature64)) return -1;
  challenge(hash64, signature64, public32, message, size);
  combine(&r, key, hash64, base, s32);
  ge25519_p3_tobytes(found32, &r);
  return crypto_verify_32(found32, signature64);
}
