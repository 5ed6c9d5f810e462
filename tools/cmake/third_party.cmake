# SPDX-License-Identifier: Apache-2.0
# The one table of libraries that are compiled from source, for the native build and for WebAssembly.

include("${CMAKE_CURRENT_LIST_DIR}/fetch.cmake")

liangma_source(libsodium
  VERSION 1.0.18
  FOLDER libsodium-1.0.18
  URL https://github.com/jedisct1/libsodium/archive/refs/tags/1.0.18.tar.gz
  SHA256 d59323c6b712a1519a5daf710b68f5e7fde57040845ffec53850911f10a5d4f4
  DEBIAN_POOL pool/main/libs/libsodium
  DEBIAN_FILE libsodium_1.0.18.orig.tar.gz
  DEBIAN_PACKAGE libsodium
  DEBIAN_SUITE bookworm
  KEEP */src/libsodium/* */LICENSE)

liangma_source(qrencode
  VERSION 4.1.1
  FOLDER qrencode-4.1.1
  URL https://fukuchi.org/works/qrencode/qrencode-4.1.1.tar.bz2
  SHA256 e455d9732f8041cf5b9c388e345a641fd15707860f928e94507b1961256a6923
  DEBIAN_POOL pool/main/q/qrencode
  DEBIAN_FILE qrencode_4.1.1.orig.tar.bz2
  DEBIAN_PACKAGE qrencode
  DEBIAN_SUITE bookworm)

liangma_source(tinycbor
  VERSION 0.6.1
  FOLDER tinycbor-0.6.1
  URL https://github.com/intel/tinycbor/archive/refs/tags/v0.6.1.tar.gz
  SHA256 0f9944496d1143935e9c996bc6233ca0dd5451299def33ef400a409942f8f34b
  DEBIAN_POOL pool/main/t/tinycbor
  DEBIAN_FILE tinycbor_0.6.1.orig.tar.gz
  DEBIAN_PACKAGE tinycbor
  DEBIAN_SUITE trixie)

liangma_source(zlib
  VERSION 1.3.1
  FOLDER zlib-1.3.1
  URL https://github.com/madler/zlib/releases/download/v1.3.1/zlib-1.3.1.tar.gz
  SHA256 9a93b2b7dfdac77ceba5a558a580e74667dd6fede4585b91eefb60f03b72df23
  DEBIAN_POOL pool/main/z/zlib
  DEBIAN_FILE zlib_1.3.dfsg+really1.3.1.orig.tar.gz
  DEBIAN_SHA256 60dd315c07f616887caa029408308a018ace66e3d142726a97db164b3b8f69fb
  DEBIAN_PACKAGE zlib
  DEBIAN_SUITE trixie
  KEEP zlib-1.3.1/*.c zlib-1.3.1/*.h */LICENSE)

liangma_source(nlohmann_json
  VERSION 3.11.2
  FOLDER json-3.11.2
  URL https://github.com/nlohmann/json/archive/refs/tags/v3.11.2.tar.gz
  SHA256 d69f9deb6a75e2580465c6c4c5111b89c4dc2fa94e3a85fcd2ffcd9a143d9273
  DEBIAN_POOL pool/main/n/nlohmann-json3
  DEBIAN_FILE nlohmann-json3_3.11.2.orig.tar.gz
  DEBIAN_PACKAGE nlohmann-json3
  DEBIAN_SUITE bookworm
  KEEP */include/* */LICENSE.MIT)

liangma_source(googletest
  VERSION 1.12.1
  FOLDER googletest-release-1.12.1
  URL https://github.com/google/googletest/archive/refs/tags/release-1.12.1.tar.gz
  SHA256 81964fe578e9bd7c94dfdb09c8e4d6e6759e19967e397dbea48d1c10e45d0df2
  DEBIAN_POOL pool/main/g/googletest
  DEBIAN_FILE googletest_1.12.1.orig.tar.gz
  DEBIAN_PACKAGE googletest
  DEBIAN_SUITE bookworm
  KEEP */googletest/include/* */googletest/src/* */googlemock/include/* */googlemock/src/* */LICENSE)

# A static library of somebody else's code: its headers are system headers, its warnings are not ours. On wasm it
# is compiled for size, but for the files named by liangma_compile_for_speed.
function(liangma_third_party_library target)
  string(REGEX REPLACE "^liangma_" "" export_name ${target})
  add_library(${target} STATIC)
  liangma_build_flags(${target} KIND theirs)
  target_compile_options(${target} PRIVATE -w $<$<BOOL:${EMSCRIPTEN}>:-Os>)
  set_target_properties(${target} PROPERTIES C_STANDARD 11 CXX_CLANG_TIDY "" C_CLANG_TIDY ""
    EXPORT_NAME "${export_name}")
endfunction()

function(liangma_compile_for_speed)
  if(EMSCRIPTEN)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -O3)
  endif()
endfunction()

include("${CMAKE_CURRENT_LIST_DIR}/libsodium.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/qrencode.cmake")

function(liangma_add_tinycbor)
  liangma_unpack_source(folder tinycbor)
  liangma_third_party_library(liangma_tinycbor)
  target_sources(liangma_tinycbor PRIVATE
    ${folder}/src/cborencoder.c
    ${folder}/src/cborencoder_close_container_checked.c
    ${folder}/src/cborencoder_float.c
    ${folder}/src/cborparser.c
    ${folder}/src/cborparser_dup_string.c
    ${folder}/src/cborparser_float.c
    ${folder}/src/cborvalidation.c)
  target_include_directories(liangma_tinycbor SYSTEM PUBLIC $<BUILD_INTERFACE:${folder}/src>)
endfunction()

function(liangma_add_zlib)
  liangma_unpack_source(folder zlib)
  liangma_third_party_library(liangma_zlib)
  target_sources(liangma_zlib PRIVATE
    ${folder}/adler32.c
    ${folder}/compress.c
    ${folder}/crc32.c
    ${folder}/deflate.c
    ${folder}/inffast.c
    ${folder}/inflate.c
    ${folder}/inftrees.c
    ${folder}/trees.c
    ${folder}/uncompr.c
    ${folder}/zutil.c)
  target_include_directories(liangma_zlib SYSTEM PUBLIC $<BUILD_INTERFACE:${folder}>)
endfunction()

function(liangma_add_nlohmann_json)
  liangma_unpack_source(folder nlohmann_json)
  add_library(liangma_json INTERFACE)
  target_include_directories(liangma_json SYSTEM INTERFACE $<BUILD_INTERFACE:${folder}/include>)
endfunction()

function(liangma_add_googletest)
  liangma_unpack_source(folder googletest)
  find_package(Threads REQUIRED)
  liangma_third_party_library(liangma_gtest)
  target_sources(liangma_gtest PRIVATE
    ${folder}/googletest/src/gtest-all.cc
    ${folder}/googletest/src/gtest_main.cc
    ${folder}/googlemock/src/gmock-all.cc)
  target_include_directories(liangma_gtest SYSTEM
    PUBLIC ${folder}/googletest/include ${folder}/googlemock/include
    PRIVATE ${folder}/googletest ${folder}/googlemock)
  target_link_libraries(liangma_gtest PUBLIC Threads::Threads)
endfunction()

# Installs the licence texts of what is linked into liangma::core: pairs of source name and file.
function(liangma_install_licences)
  while(ARGN)
    list(POP_FRONT ARGN name file)
    liangma_unpack_source(folder ${name})
    install(FILES "${folder}/${file}" DESTINATION "${CMAKE_INSTALL_DOCDIR}/licences" RENAME "${name}.txt")
  endwhile()
endfunction()
