/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded by hostile.mjs: aborts where a block is freed that still holds the bytes of LIANGMA_WATCH
 * (hexadecimal). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static unsigned char watched[64];
static size_t watchedSize;
static void (*realFree)(void*);

static int digit(char c) {
  return c <= '9' ? c - '0' : c - 'a' + 10;
}

__attribute__((constructor)) static void readWatched(void) {
  const char* hex = getenv("LIANGMA_WATCH");
  size_t size = 0;
  while (hex != NULL && size < sizeof watched && hex[2 * size] != '\0') {
    watched[size] = (unsigned char)(digit(hex[2 * size]) * 16 + digit(hex[2 * size + 1]));
    ++size;
  }
  watchedSize = size;
}

__attribute__((visibility("default"))) void free(void* block) {
  if (realFree == NULL) realFree = (void (*)(void*))dlsym(RTLD_NEXT, "free");
  if (block != NULL && watchedSize != 0 &&
      memmem(block, malloc_usable_size(block), watched, watchedSize) != NULL)
    abort();
  realFree(block);
}
