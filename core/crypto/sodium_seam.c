/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for libsodium's sodium/core.c: of the primitives that are compiled in, none has a second
 * implementation to choose from, so there is nothing to initialise and no lock to take. */
#include "sodium_seam.h"

#include <sodium/core.h>
#include <stdint.h>
#include <stdlib.h>

static void (*misuseHandler)(void);

int sodium_init(void) {
  return 0;
}

int sodium_set_misuse_handler(void (*handler)(void)) {
  misuseHandler = handler;
  return 0;
}

void sodium_misuse(void) {
  if (misuseHandler != NULL) misuseHandler();
  abort();
}

static const char* refuseName(void) {
  return "refuse";
}

static uint32_t refuseRandom(void) {
  sodium_misuse();
}

static void refuseBuffer(void* buffer, size_t size) {
  (void)buffer;
  (void)size;
  sodium_misuse();
}

randombytes_implementation liangmaRefuseRandomBytes = {
    .implementation_name = refuseName,
    .random = refuseRandom,
    .stir = NULL,
    .uniform = NULL,
    .buf = refuseBuffer,
    .close = NULL,
};
