// SPDX-License-Identifier: Apache-2.0
// Embind formats the address of a type that has no name; that one line would link all of printf, 2 KB after
// brotli. Every bound type is tested, so the line is never reached, and an empty name does.

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

}  // extern "C"
