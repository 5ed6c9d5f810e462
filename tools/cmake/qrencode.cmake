# SPDX-License-Identifier: Apache-2.0
# libqrencode (LGPL-2.1-or-later), in a static library of its own so that it stays replaceable.

# Everything but mask.c and mmask.c, in whose place stands core/src/qr_mask.cc.
set(LIANGMA_QRENCODE_SOURCES
  bitstream.c
  mqrspec.c
  qrencode.c
  qrinput.c
  qrspec.c
  rsecc.c
  split.c)

function(liangma_qrencode_library target folder)
  liangma_third_party_library(${target})
  list(TRANSFORM ARGN PREPEND "${folder}/" OUTPUT_VARIABLE sources)
  target_sources(${target} PRIVATE ${sources})
  target_compile_definitions(${target} PRIVATE MAJOR_VERSION=4 MINOR_VERSION=1 MICRO_VERSION=1
    VERSION="4.1.1" STATIC_IN_RELEASE=static HAVE_STRDUP=1)
  target_include_directories(${target} SYSTEM PUBLIC $<BUILD_INTERFACE:${folder}>)
endfunction()

function(liangma_add_qrencode)
  liangma_unpack_source(folder qrencode)
  liangma_qrencode_library(liangma_qrencode "${folder}" ${LIANGMA_QRENCODE_SOURCES})
  liangma_compile_for_speed(${folder}/rsecc.c)
  add_library(liangma_qr_mask OBJECT "${PROJECT_SOURCE_DIR}/core/src/qr_mask.cc")
  liangma_own_target(liangma_qr_mask)
  liangma_no_exceptions(liangma_qr_mask)
  target_include_directories(liangma_qr_mask PRIVATE "${PROJECT_SOURCE_DIR}/core/include")
  target_include_directories(liangma_qr_mask SYSTEM PRIVATE "${folder}")
  target_sources(liangma_qrencode PRIVATE $<TARGET_OBJECTS:liangma_qr_mask>)
endfunction()

# libqrencode with its own mask.c, every symbol prefixed by `stock_`, so that a test or a benchmark can have both.
function(liangma_add_qrencode_stock)
  if(TARGET liangma_qrencode_stock)
    return()
  endif()
  liangma_unpack_source(folder qrencode)
  set(names "")
  foreach(file IN LISTS LIANGMA_QRENCODE_SOURCES ITEMS mask.c mmask.c)
    file(READ "${folder}/${file}" text)
    string(REGEX MATCHALL "(M?QR[a-z]+|M?Mask|BitStream|RSECC|Split|FrameFiller|MMask)_[A-Za-z_0-9]+" found "${text}")
    list(APPEND names ${found})
  endforeach()
  list(REMOVE_DUPLICATES names)
  list(SORT names)
  list(TRANSFORM names REPLACE "(.+)" "#define \\1 stock_\\1")
  list(JOIN names "\n" text)
  set(header "${PROJECT_BINARY_DIR}/third_party/qrencode_stock_names.h")
  file(CONFIGURE OUTPUT "${header}" CONTENT "${text}\n" @ONLY)
  liangma_qrencode_library(liangma_qrencode_stock "${folder}" ${LIANGMA_QRENCODE_SOURCES} mask.c mmask.c)
  target_compile_options(liangma_qrencode_stock PRIVATE -include "${header}")
endfunction()
