/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded by hostile.mjs: a system whose random source fails. */
#include <errno.h>
#include <stddef.h>
#include <sys/types.h>

ssize_t getrandom(void* buffer, size_t size, unsigned int flags);

__attribute__((visibility("default"))) ssize_t getrandom(void* buffer, size_t size, unsigned int flags) {
  (void)buffer;
  (void)size;
  (void)flags;
  errno = ENOSYS;
  return -1;
}
