# SPDX-License-Identifier: Apache-2.0
# Installs BUILD below SCRATCH, builds the consumer SOURCE against it with COMPILER and runs it.

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
endfunction()

file(REMOVE_RECURSE "${SCRATCH}")
run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${SCRATCH}/prefix")
run("${CMAKE_COMMAND}" -S "${SOURCE}" -B "${SCRATCH}/build" -G Ninja "-DCMAKE_CXX_COMPILER=${COMPILER}"
    "-DCMAKE_PREFIX_PATH=${SCRATCH}/prefix")
run("${CMAKE_COMMAND}" --build "${SCRATCH}/build")

execute_process(COMMAND "${SCRATCH}/build/consumer" "LM1:HELLO" OUTPUT_VARIABLE symbol COMMAND_ERROR_IS_FATAL ANY)
if(NOT symbol MATCHES "^21\n")
  message(FATAL_ERROR "nine alphanumeric characters fit version 1 (21 modules), but the consumer drew:\n${symbol}")
endif()
execute_process(COMMAND "${SCRATCH}/build/consumer" RESULT_VARIABLE status ERROR_VARIABLE reason)
if(NOT status EQUAL 1 OR NOT reason STREQUAL "format.empty\n")
  message(FATAL_ERROR "an empty text must be refused with format.empty, not with ${status}: ${reason}")
endif()
