// SPDX-License-Identifier: Apache-2.0
// The types that the bindings pass, in the place of the forty that Embind would register whenever a module
// starts: a type that is missing here is an error as soon as its binding is called, and every binding is
// tested. They also bring along whatever writes their names, which would be all of printf.

#include <cstddef>
#include <cstring>
#include <limits>

#include <emscripten/bind.h>
#include <emscripten/emscripten.h>

namespace {

using emscripten::internal::TypeID;

/// Where embind.js has Uint8Array in its list of typed arrays.
constexpr unsigned kUint8Array = 1;

template <class T>
void registerInteger(const char* name) {
  emscripten::internal::_embind_register_integer(
      TypeID<T>::get(), name, sizeof(T), std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
}

}  // namespace

extern "C" {

// Embind's names for what it exports.
EMSCRIPTEN_KEEPALIVE const char* __getTypeName(const std::type_info* /*type*/) {
  return ::strdup("");
}

EMSCRIPTEN_KEEPALIVE __attribute__((constructor)) void __embind_register_native_and_builtin_types() {
  using namespace emscripten::internal;
  _embind_register_void(TypeID<void>::get(), "void");
  _embind_register_bool(TypeID<bool>::get(), "bool", sizeof(bool), true, false);
  registerInteger<int>("int");
  registerInteger<unsigned>("unsigned int");
  _embind_register_float(TypeID<double>::get(), "double", sizeof(double));
  _embind_register_std_string(TypeID<std::string>::get(), "std::string");
  _embind_register_emval(TypeID<emscripten::val>::get(), "emscripten::val");
  _embind_register_memory_view(TypeID<emscripten::memory_view<unsigned char>>::get(), kUint8Array,
                               "emscripten::memory_view<unsigned char>");
}

// The JSON library formats a control character for the text of an error, of which only that it is one is
// read.
int snprintf(char* text, std::size_t /*size*/, const char* /*format*/, ...) {
  *text = '\0';
  return 0;
}

}  // extern "C"
