# SPDX-License-Identifier: Apache-2.0
# The WebAssembly modules: each is linked once per lane from the same objects.
#
#   web  ES module, for browsers, workers, Node and bundlers
#   wx   CommonJS, for hosts with nothing but ECMAScript and a path-only WXWebAssembly
#   js   CommonJS, compiled on to JavaScript (wasm2js), for hosts without WebAssembly
#
# In every lane the host hands `instantiateWasm` (not in js) to the module; nothing is fetched, logged or drawn
# from a random source here.

set(LIANGMA_WASM_FOLDER "${PROJECT_SOURCE_DIR}/wasm")
find_program(LIANGMA_TERSER terser PATHS "${LIANGMA_WASM_FOLDER}/node_modules/.bin" NO_DEFAULT_PATH)
find_program(LIANGMA_WASM_OPT wasm-opt REQUIRED HINTS "${EMSCRIPTEN_ROOT_PATH}/../bin")

set(LIANGMA_WASM_LINK_OPTIONS
  -O3 -flto -fno-exceptions -fno-rtti --bind --no-entry
  "SHELL:--pre-js ${LIANGMA_WASM_FOLDER}/quiet_pre.js"
  -sENVIRONMENT=web
  -sMODULARIZE=1
  -sDYNAMIC_EXECUTION=0
  -sFILESYSTEM=0
  -sMALLOC=emmalloc
  -sALLOW_MEMORY_GROWTH=1
  -sINITIAL_MEMORY=1048576
  -sTOTAL_STACK=262144
  -sEXPORT_NAME=createLiangma)

set(LIANGMA_WASM_LANE_web -sEXPORT_ES6=1 -sUSE_ES6_IMPORT_META=0)
set(LIANGMA_WASM_LANE_wx "SHELL:--pre-js ${LIANGMA_WASM_FOLDER}/wx_pre.js")
set(LIANGMA_WASM_LANE_js -sWASM=0 "SHELL:--memory-init-file 0")

# Links module `name` for `lane` to build/wasm/<lane>/<name>.{mjs,js,wasm}.
function(liangma_link_lane name lane libraries)
  set(target "${name}-${lane}")
  set(suffix .js)
  set(terser_module "")
  if(lane STREQUAL "web")
    set(suffix .mjs)
    set(terser_module --module)
  endif()
  add_executable(${target} $<TARGET_OBJECTS:${name}-bindings>)
  target_link_libraries(${target} PRIVATE ${libraries})
  target_link_options(${target} PRIVATE ${LIANGMA_WASM_LINK_OPTIONS} ${LIANGMA_WASM_LANE_${lane}})
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME "${name}"
    SUFFIX "${suffix}"
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/${lane}"
    LINK_DEPENDS "${LIANGMA_WASM_FOLDER}/quiet_pre.js;${LIANGMA_WASM_FOLDER}/wx_pre.js"
    RULE_LAUNCH_LINK "${CMAKE_COMMAND} -E env NODE_PATH=/usr/share/nodejs")
  if(LIANGMA_TERSER)
    add_custom_command(TARGET ${target} POST_BUILD VERBATIM
      COMMAND "${LIANGMA_TERSER}" "$<TARGET_FILE:${target}>" --ecma 2018 --compress passes=3 --mangle
              ${terser_module} --output "$<TARGET_FILE:${target}>")
  endif()
endfunction()

# Leaves libsodium's base-point table out of the wasm of `name` (see core/crypto/base_table.c). A second turn of the
# optimizer drops its zeros, and 2 % of what is shipped.
function(liangma_pack_base_table name)
  foreach(lane web wx)
    target_link_options(${name}-${lane} PRIVATE -Wl,--undefined=liangmaBaseTableAddress)
    set(wasm "${PROJECT_BINARY_DIR}/${lane}/${name}.wasm")
    add_custom_command(TARGET ${name}-${lane} POST_BUILD VERBATIM
      COMMAND node "${LIANGMA_WASM_FOLDER}/pack_base_table.mjs" "${wasm}"
              "${LIANGMA_SODIUM_FOLDER}/crypto_core/ed25519/ref10/fe_25_5/base.h"
      COMMAND "${LIANGMA_WASM_OPT}" -O3 "${wasm}" -o "${wasm}")
  endforeach()
endfunction()

# Adds module `name`: its bindings, compiled once, and its three lanes.
#   liangma_wasm_module(name SOURCES files... LIBRARIES targets...)
function(liangma_wasm_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  add_library(${name}-bindings OBJECT ${arg_SOURCES} "${LIANGMA_WASM_FOLDER}/embind_seam.cc")
  liangma_own_target(${name}-bindings)
  liangma_no_exceptions(${name}-bindings)
  set_source_files_properties("${LIANGMA_WASM_FOLDER}/embind_seam.cc" PROPERTIES COMPILE_OPTIONS -fno-builtin)
  target_compile_options(${name}-bindings PRIVATE -Wno-undef)
  target_compile_definitions(${name}-bindings PRIVATE EMSCRIPTEN_HAS_UNBOUND_TYPE_NAMES=0)
  target_include_directories(${name}-bindings PRIVATE core)
  target_link_libraries(${name}-bindings PRIVATE ${arg_LIBRARIES})
  foreach(lane web wx js)
    liangma_link_lane(${name} ${lane} "${arg_LIBRARIES}")
  endforeach()
endfunction()

# Links a program that Node runs as it would run a native one: real files, real environment, real exit code.
function(liangma_wasm_program target)
  target_link_options(${target} PRIVATE
    -O2 -flto "SHELL:--pre-js ${PROJECT_SOURCE_DIR}/tests/wasm/support/program_pre.js"
    -sENVIRONMENT=node -sNODERAWFS=1 -sEXIT_RUNTIME=1 -sALLOW_MEMORY_GROWTH=1 -sTOTAL_STACK=1048576)
  set_target_properties(${target} PROPERTIES
    CROSSCOMPILING_EMULATOR node  # emcmake's own names a flag that newer Node versions refuse
    LINK_DEPENDS "${PROJECT_SOURCE_DIR}/tests/wasm/support/program_pre.js"
    RULE_LAUNCH_LINK "${CMAKE_COMMAND} -E env NODE_PATH=/usr/share/nodejs")
endfunction()
