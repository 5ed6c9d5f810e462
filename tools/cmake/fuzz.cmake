# SPDX-License-Identifier: Apache-2.0

# Adds the fuzz target `liangma_fuzz_<name>` from tests/fuzz/<source>.
#   liangma_add_fuzz(name source dictionary corpus_folder [libraries...])
# With clang and LIANGMA_FUZZ it is a libFuzzer program; with any other build it is a plain program that runs the
# seeds once. Either way ctest runs the seeds.
function(liangma_add_fuzz name source dictionary corpus)
  set(target "liangma_fuzz_${name}")
  set(folder "${PROJECT_SOURCE_DIR}/tests/fuzz")
  add_executable(${target} "${folder}/${source}")
  liangma_own_target(${target})
  target_include_directories(${target} PRIVATE "${folder}" "${PROJECT_SOURCE_DIR}/core/src" "${PROJECT_SOURCE_DIR}/core")
  target_link_libraries(${target} PRIVATE liangma::core ${ARGN})
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/fuzz")
  if(LIANGMA_FUZZ AND CMAKE_CXX_COMPILER_ID MATCHES Clang)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    add_test(NAME "fuzz.${name}.seeds" COMMAND ${target} -runs=0 "${folder}/${corpus}")
  else()
    target_sources(${target} PRIVATE "${folder}/run_seeds.cc")
    add_test(NAME "fuzz.${name}.seeds" COMMAND ${target} "${folder}/${corpus}")
  endif()
  set_property(GLOBAL APPEND_STRING PROPERTY LIANGMA_FUZZ_LIST
    "${target}\t${folder}/${dictionary}\t${folder}/${corpus}\n")
endfunction()

# Writes build/<preset>/fuzz/targets.tsv (program, dictionary, seeds) for tools/check.
function(liangma_list_fuzz_targets)
  get_property(list GLOBAL PROPERTY LIANGMA_FUZZ_LIST)
  file(WRITE "${PROJECT_BINARY_DIR}/fuzz/targets.tsv" "${list}")
endfunction()
