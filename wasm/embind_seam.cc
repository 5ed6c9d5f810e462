// SPDX-License-Identifier: Apache-2.0
// Two lines of others would link all of printf. Embind formats the address of a type that has no name: every
// bound type is tested, so the line is never reached, and an empty name does. The JSON library formats a
// control character for the text of an error, of which only that it is one is read.

#include <cstddef>

extern "C" {

int sprintf(char* text, const char* /*format*/, ...) {
  *text = '\0';
  return 0;
}

// What LLVM makes of a sprintf without floating-point arguments, and musl's other name for it.
int siprintf(char* text, const char* /*format*/, ...) {
  *text = '\0';
  return 0;
}
int __small_sprintf(char* text, const char* /*format*/, ...) {
  *text = '\0';
  return 0;
}

int snprintf(char* text, std::size_t /*size*/, const char* /*format*/, ...) {
  *text = '\0';
  return 0;
}

}  // extern "C"
