/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIANGMA_CRYPTO_BASE_TABLE_H
#define LIANGMA_CRYPTO_BASE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "private/ed25519_ref10.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Computes libsodium's table of multiples of the Ed25519 base point B: table[i][j] = (j + 1) * 256^i * B.
 *
 * To the last bit the constant that libsodium compiles in (base.h). Nothing secret goes in or comes out.
 *
 * @return 0, or -1 when memory is short
 */
int liangmaMakeBaseTable(ge25519_precomp table[32][8]);

/** In a wasm module whose table wasm/pack_base_table.mjs took out: the table's address. Otherwise 0x6c6d6274.
 */
extern const volatile uint32_t liangmaBaseTableAddress;

#ifdef __cplusplus
}
#endif

#endif
