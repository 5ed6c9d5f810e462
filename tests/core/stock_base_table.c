/* SPDX-License-Identifier: Apache-2.0 */
#include "core/stock_base_table.h"

#include <string.h>

#include "crypto/base_table.h"

static const ge25519_precomp stock[32][8] = {
#ifdef HAVE_TI_MODE
#include "crypto_core/ed25519/ref10/fe_51/base.h"
#else
#include "crypto_core/ed25519/ref10/fe_25_5/base.h"
#endif
};

int countDifferentBaseTableEntries(void) {
  static ge25519_precomp made[32][8];
  int different = 0;
  if (liangmaMakeBaseTable(made) != 0) return -1;
  for (int i = 0; i < 256; ++i)
    different += memcmp(&made[i / 8][i % 8], &stock[i / 8][i % 8], sizeof made[0][0]) != 0;
  return different;
}
