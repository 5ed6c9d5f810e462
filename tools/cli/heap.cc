// SPDX-License-Identifier: Apache-2.0
// Every block of heap is zeroed before it is given back: a JSON reader and growing strings make copies of a
// key that nobody else could wipe.
#include <cstdlib>
#include <cstring>
#include <new>

#include <malloc.h>

void* operator new(std::size_t size) {
  void* block = std::malloc(size == 0 ? 1 : size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

void operator delete(void* block) noexcept {
  if (block == nullptr) return;
  ::explicit_bzero(block, ::malloc_usable_size(block));
  std::free(block);
}

void* operator new[](std::size_t size) {
  return ::operator new(size);
}
void operator delete[](void* block) noexcept {
  ::operator delete(block);
}
void operator delete(void* block, std::size_t) noexcept {
  ::operator delete(block);
}
void operator delete[](void* block, std::size_t) noexcept {
  ::operator delete(block);
}
