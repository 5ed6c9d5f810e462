# SPDX-License-Identifier: Apache-2.0
# Programs of tools/bench.

if(EMSCRIPTEN)
  # What the shipped modules do not bind but the benchmarks need: issuing, symbols of every version and level.
  liangma_wasm_module(liangma-bench
    SOURCES wasm/bindings_common.cc tests/bench/bindings_bench.cc
    LIBRARIES liangma::core)
  target_include_directories(liangma-bench-bindings PRIVATE wasm)
  return()
endif()

find_package(benchmark REQUIRED)
liangma_add_qrencode_stock()

add_executable(liangma_bench tests/bench/qr_symbol_bench.cc tests/bench/thread_bench.cc)
add_executable(liangma_bench_payload tests/bench/payload.cc)
foreach(target liangma_bench liangma_bench_payload)
  liangma_own_target(${target})
  target_include_directories(${target} PRIVATE core/src core tests)
  target_link_libraries(${target} PRIVATE
    liangma::core liangma_sodium liangma_qrencode liangma_qrencode_stock liangma_tinycbor)
endforeach()
add_executable(liangma_bench_status tests/bench/status_lists.cc)
liangma_own_target(liangma_bench_status)
target_link_libraries(liangma_bench_status PRIVATE liangma::core)

target_link_libraries(liangma_bench PRIVATE benchmark::benchmark_main)
target_link_libraries(liangma_bench_payload PRIVATE liangma_json)
