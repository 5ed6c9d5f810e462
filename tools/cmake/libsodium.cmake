# SPDX-License-Identifier: Apache-2.0
# libsodium, cut down to the primitives that core/crypto uses. Its files are compiled as they are; in place of
# sodium/core.c (which initialises every primitive there is) stands core/crypto/sodium_seam.c, which also
# makes libsodium refuse to make random bytes until core/crypto hands it some.

include(CheckSymbolExists)
include(CheckTypeSize)

set(LIANGMA_SODIUM_SOURCES
  crypto_aead/xchacha20poly1305/sodium/aead_xchacha20poly1305.c
  crypto_box/crypto_box.c
  crypto_box/crypto_box_easy.c
  crypto_box/crypto_box_seal.c
  crypto_box/curve25519xsalsa20poly1305/box_curve25519xsalsa20poly1305.c
  crypto_core/ed25519/ref10/ed25519_ref10.c
  crypto_core/hchacha20/core_hchacha20.c
  crypto_core/hsalsa20/core_hsalsa20.c
  crypto_core/hsalsa20/ref2/core_hsalsa20_ref2.c
  crypto_core/salsa/ref/core_salsa_ref.c
  crypto_generichash/blake2b/generichash_blake2.c
  crypto_generichash/blake2b/ref/blake2b-compress-ref.c
  crypto_generichash/blake2b/ref/blake2b-ref.c
  crypto_generichash/blake2b/ref/generichash_blake2b.c
  crypto_generichash/crypto_generichash.c
  crypto_hash/crypto_hash.c
  crypto_hash/sha256/cp/hash_sha256_cp.c
  crypto_hash/sha256/hash_sha256.c
  crypto_hash/sha512/cp/hash_sha512_cp.c
  crypto_hash/sha512/hash_sha512.c
  crypto_onetimeauth/crypto_onetimeauth.c
  crypto_onetimeauth/poly1305/donna/poly1305_donna.c
  crypto_onetimeauth/poly1305/onetimeauth_poly1305.c
  crypto_pwhash/argon2/argon2-core.c
  crypto_pwhash/argon2/argon2-encoding.c
  crypto_pwhash/argon2/argon2-fill-block-ref.c
  crypto_pwhash/argon2/argon2.c
  crypto_pwhash/argon2/blake2b-long.c
  crypto_pwhash/argon2/pwhash_argon2id.c
  crypto_scalarmult/crypto_scalarmult.c
  crypto_scalarmult/curve25519/ref10/x25519_ref10.c
  crypto_scalarmult/curve25519/scalarmult_curve25519.c
  crypto_secretbox/crypto_secretbox.c
  crypto_secretbox/crypto_secretbox_easy.c
  crypto_secretbox/xsalsa20poly1305/secretbox_xsalsa20poly1305.c
  crypto_sign/crypto_sign.c
  crypto_sign/ed25519/ref10/keypair.c
  crypto_sign/ed25519/ref10/open.c
  crypto_sign/ed25519/ref10/sign.c
  crypto_sign/ed25519/sign_ed25519.c
  crypto_stream/chacha20/ref/chacha20_ref.c
  crypto_stream/chacha20/stream_chacha20.c
  crypto_stream/salsa20/ref/salsa20_ref.c
  crypto_stream/salsa20/stream_salsa20.c
  crypto_stream/xsalsa20/stream_xsalsa20.c
  crypto_verify/sodium/verify.c
  randombytes/randombytes.c
  sodium/codecs.c
  sodium/utils.c
  sodium/version.c)

# Sets `out` to the compile definitions that autoconf would have found for this target.
function(liangma_sodium_definitions out)
  set(definitions CONFIGURED=1 SODIUM_STATIC HAVE_WEAK_SYMBOLS=1 HAVE_C_VARARRAYS=1 HAVE_INLINE_ASM=1
      NATIVE_LITTLE_ENDIAN=1)
  set(CMAKE_REQUIRED_DEFINITIONS -D_GNU_SOURCE)
  check_symbol_exists(explicit_bzero "string.h" LIANGMA_HAVE_EXPLICIT_BZERO)
  if(LIANGMA_HAVE_EXPLICIT_BZERO)
    list(APPEND definitions _GNU_SOURCE HAVE_EXPLICIT_BZERO=1)
  endif()
  check_type_size(__int128 LIANGMA_INT128 LANGUAGE C)
  if(HAVE_LIANGMA_INT128 AND NOT EMSCRIPTEN)  # 128-bit limbs: 2 times slower on wasm, which has to emulate them
    list(APPEND definitions HAVE_TI_MODE=1)
  endif()
  set(${out} "${definitions}" PARENT_SCOPE)
endfunction()

function(liangma_add_sodium)
  liangma_unpack_source(root libsodium)
  set(folder "${root}/src/libsodium")
  set(LIANGMA_SODIUM_FOLDER "${folder}" PARENT_SCOPE)
  set(VERSION 1.0.18)
  set(SODIUM_LIBRARY_VERSION_MAJOR 10)
  set(SODIUM_LIBRARY_VERSION_MINOR 3)
  configure_file("${folder}/include/sodium/version.h.in" "${folder}/include/sodium/version.h" @ONLY)

  liangma_third_party_library(liangma_sodium)
  list(TRANSFORM LIANGMA_SODIUM_SOURCES PREPEND "${folder}/")
  target_sources(liangma_sodium PRIVATE ${LIANGMA_SODIUM_SOURCES}
    ${PROJECT_SOURCE_DIR}/core/crypto/base_table.c
    ${PROJECT_SOURCE_DIR}/core/crypto/sodium_seam.c)
  liangma_sodium_definitions(definitions)
  target_compile_definitions(liangma_sodium PRIVATE ${definitions} PUBLIC SODIUM_STATIC)
  target_include_directories(liangma_sodium SYSTEM
    PUBLIC $<BUILD_INTERFACE:${folder}/include>
    PRIVATE ${folder}/include/sodium ${folder}/include/sodium/private)
  target_include_directories(liangma_sodium PRIVATE ${PROJECT_SOURCE_DIR}/core)
  liangma_compile_for_speed(
    ${folder}/crypto_core/ed25519/ref10/ed25519_ref10.c
    ${folder}/crypto_hash/sha512/cp/hash_sha512_cp.c
    ${folder}/crypto_pwhash/argon2/argon2-fill-block-ref.c)
  # -U: on Emscripten this file would ask the page for `crypto`; ours is handed its bytes like everywhere else.
  set_source_files_properties(${folder}/randombytes/randombytes.c PROPERTIES COMPILE_OPTIONS
    "-U__EMSCRIPTEN__;-DRANDOMBYTES_CUSTOM_IMPLEMENTATION;-include;${PROJECT_SOURCE_DIR}/core/crypto/sodium_seam.h;-DRANDOMBYTES_DEFAULT_IMPLEMENTATION=(&liangmaRefuseRandomBytes)")
endfunction()
