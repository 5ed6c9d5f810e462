/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIANGMA_CRYPTO_PREPARED_KEY_H
#define LIANGMA_CRYPTO_PREPARED_KEY_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Multiples of one point, 40 KB: with those of the base point and those of a public key, a signature is
 * checked without doublings. Everything here is public, and takes as long as it takes. */
struct LiangmaMultiples;

/** The base point's. @return NULL when memory is short */
struct LiangmaMultiples* liangmaPrepareBase(void);

/** Those of an Ed25519 public key, negated.
 *
 * @return NULL when memory is short, or for a key under which libsodium accepts no signature
 */
struct LiangmaMultiples* liangmaPrepareKey(const unsigned char public32[32]);

void liangmaFreeMultiples(struct LiangmaMultiples* multiples);

/** Checks a signature; every answer is that of libsodium's crypto_sign_verify_detached().
 *
 * @param key  the multiples of `public32`
 * @return     0 for a good one, -1 otherwise
 */
int liangmaVerifyPrepared(const struct LiangmaMultiples* base, const struct LiangmaMultiples* key,
                          const unsigned char public32[32], const unsigned char signature64[64],
                          const unsigned char* message, size_t size);

#ifdef __cplusplus
}
#endif

#endif
