/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIANGMA_CRYPTO_SODIUM_SEAM_H
#define LIANGMA_CRYPTO_SODIUM_SEAM_H

#include <sodium/randombytes.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** libsodium's source of random bytes until another one is set: it has none, and aborts when asked. */
extern randombytes_implementation liangmaRefuseRandomBytes;

#ifdef __cplusplus
}
#endif

#endif
