# SPDX-License-Identifier: Apache-2.0
# Compile and link options per target; nothing here is global.

# Language level, visibility, sanitizers and, on wasm, link-time optimisation. `KIND` is "ours", "tests" or
# "theirs": undefined behaviour is looked for in our code only, and a sanitized test is not optimised, which halves
# the time to compile it.
function(liangma_build_flags target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "KIND" "")
  set_target_properties(${target} PROPERTIES
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  if(EMSCRIPTEN)
    target_compile_options(${target} PRIVATE -flto)
  else()
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  endif()
  if(LIANGMA_FUZZ AND CMAKE_CXX_COMPILER_ID MATCHES Clang AND NOT arg_KIND STREQUAL "tests")
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
  if(LIANGMA_SANITIZE)
    string(REPLACE ",undefined" "" compile "${LIANGMA_SANITIZE}")
    if(arg_KIND STREQUAL "ours")
      set(compile "${LIANGMA_SANITIZE}")
    endif()
    target_compile_options(${target} PRIVATE -fsanitize=${compile} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    if(arg_KIND STREQUAL "tests")
      target_compile_options(${target} PRIVATE -O0 -g1)
    endif()
    target_link_options(${target} PRIVATE -fsanitize=${LIANGMA_SANITIZE})
  endif()
endfunction()

# Our own code, or with TESTS what tests it: build flags and warnings. On wasm it is compiled for size.
function(liangma_own_target target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TESTS" "" "")
  set(kind ours)
  if(arg_TESTS)
    set(kind tests)
  endif()
  liangma_build_flags(${target} KIND ${kind})
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Wold-style-cast
    -Wimplicit-fallthrough -Wundef
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>  # GCC bug 105651
    $<$<BOOL:${LIANGMA_WERROR}>:-Werror>
    $<$<BOOL:${EMSCRIPTEN}>:-Oz>)
endfunction()

# Code that must not throw: core, and everything that runs in WebAssembly.
function(liangma_no_exceptions target)
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti>)
endfunction()

# ccache, told to look at paths below the source folder as relative ones, so that a second clone profits too.
function(liangma_use_ccache)
  find_program(LIANGMA_CCACHE ccache)
  if(NOT LIANGMA_CCACHE OR DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    return()
  endif()
  set(launcher "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1)
  if(EMSCRIPTEN)  # a script by the name of emcc, which takes clang's arguments
    list(APPEND launcher CCACHE_DEPEND=1 CCACHE_COMPILERTYPE=clang
      "CCACHE_COMPILERCHECK=string:emcc ${CMAKE_CXX_COMPILER_VERSION} ${EMSCRIPTEN_VERSION}")
  endif()
  list(APPEND launcher "${LIANGMA_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${launcher}" PARENT_SCOPE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${launcher}" PARENT_SCOPE)
endfunction()
