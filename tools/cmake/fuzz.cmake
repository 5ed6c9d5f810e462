# SPDX-License-Identifier: Apache-2.0

# Lets vectorgen write the seeds into build/<preset>/fuzz/seeds/<target>, before any target is run.
function(liangma_make_fuzz_seeds generator)
  set(stamp "${PROJECT_BINARY_DIR}/fuzz/seeds.stamp")
  add_custom_command(OUTPUT "${stamp}"
    COMMAND ${CMAKE_COMMAND} -E rm -rf "${PROJECT_BINARY_DIR}/fuzz/seeds"
    COMMAND ${generator} seeds "${PROJECT_BINARY_DIR}/fuzz/seeds"
    COMMAND ${CMAKE_COMMAND} -E touch "${stamp}"
    DEPENDS ${generator} VERBATIM)
  add_custom_target(liangma_fuzz_seeds ALL DEPENDS "${stamp}")
endfunction()

# Adds the fuzz target `liangma_fuzz_<name>` from tests/fuzz/<name>_fuzz.cc.
#   liangma_add_fuzz(name dictionary)
# With clang and LIANGMA_FUZZ it is a libFuzzer program; with any other build it is a plain program that runs the
# seeds once. Either way ctest runs the seeds.
function(liangma_add_fuzz name dictionary)
  set(target "liangma_fuzz_${name}")
  set(folder "${PROJECT_SOURCE_DIR}/tests/fuzz")
  set(seeds "${PROJECT_BINARY_DIR}/fuzz/seeds/${name}")
  add_executable(${target} "${folder}/${name}_fuzz.cc")
  liangma_own_target(${target})
  target_include_directories(${target} PRIVATE "${folder}")
  target_link_libraries(${target} PRIVATE liangma_vectors)
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/fuzz")
  add_dependencies(${target} liangma_fuzz_seeds)
  if(LIANGMA_FUZZ AND CMAKE_CXX_COMPILER_ID MATCHES Clang)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    add_test(NAME "fuzz.${name}.seeds" COMMAND ${target} -runs=0 "${seeds}")
  else()
    target_sources(${target} PRIVATE "${folder}/run_seeds.cc")
    add_test(NAME "fuzz.${name}.seeds" COMMAND ${target} "${seeds}")
  endif()
  set_property(GLOBAL APPEND_STRING PROPERTY LIANGMA_FUZZ_LIST
    "${target}\t${folder}/${dictionary}\t${seeds}\n")
endfunction()

# Writes build/<preset>/fuzz/targets.tsv (program, dictionary, seeds) for tools/fuzz and tools/check.
function(liangma_list_fuzz_targets)
  get_property(list GLOBAL PROPERTY LIANGMA_FUZZ_LIST)
  file(WRITE "${PROJECT_BINARY_DIR}/fuzz/targets.tsv" "${list}")
endfunction()
