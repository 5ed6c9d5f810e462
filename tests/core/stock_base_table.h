/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/** Makes libsodium's base-point table and compares it with the one that libsodium compiles in.
 *
 * @return how many of the 256 entries differ in any bit; -1 when none could be made
 */
int countDifferentBaseTableEntries(void);

#ifdef __cplusplus
}
#endif
