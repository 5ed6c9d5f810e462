# SPDX-License-Identifier: Apache-2.0
# The `liangma` command, and what of it the server shares: JSON and files of the core's types.

find_package(CLI11 2.1 REQUIRED)

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/i18n/en.json)
file(READ ${PROJECT_SOURCE_DIR}/i18n/en.json LIANGMA_CATALOG_EN)
configure_file(${PROJECT_SOURCE_DIR}/tools/cli/catalog_en.cc.in ${PROJECT_BINARY_DIR}/tools/catalog_en.cc @ONLY)

add_library(liangma_tool_io STATIC)
liangma_own_target(liangma_tool_io)
target_sources(liangma_tool_io PRIVATE
  ${PROJECT_BINARY_DIR}/tools/catalog_en.cc
  tools/cli/failure.cc
  tools/cli/files.cc
  tools/cli/id_number.cc
  tools/cli/inputs.cc
  tools/cli/json_claims.cc
  tools/cli/json_keys.cc
  tools/cli/json_reader.cc
  tools/cli/json_trust.cc
  tools/cli/json_verdict.cc
  tools/cli/passphrase.cc
  tools/cli/sentences.cc
  tools/cli/system_entropy.cc
  tools/cli/text_codec.cc)
target_include_directories(liangma_tool_io PUBLIC tools)
target_link_libraries(liangma_tool_io PUBLIC liangma::core liangma_json)

if(NOT LIANGMA_CLI)
  return()
endif()

add_executable(liangma_cli)
liangma_own_target(liangma_cli)
target_sources(liangma_cli PRIVATE
  tools/cli/arguments.cc
  tools/cli/batch_files.cc
  tools/cli/cmd_answer.cc
  tools/cli/cmd_inspect.cc
  tools/cli/cmd_issue.cc
  tools/cli/cmd_keygen.cc
  tools/cli/cmd_open.cc
  tools/cli/cmd_paper.cc
  tools/cli/cmd_request.cc
  tools/cli/cmd_rules.cc
  tools/cli/cmd_show.cc
  tools/cli/cmd_status.cc
  tools/cli/cmd_trust.cc
  tools/cli/cmd_verify.cc
  tools/cli/heap.cc
  tools/cli/issue_batch.cc
  tools/cli/main.cc
  tools/cli/output.cc)
target_compile_definitions(liangma_cli PRIVATE LIANGMA_VERSION="${PROJECT_VERSION}")
find_package(Threads REQUIRED)
target_link_libraries(liangma_cli PRIVATE liangma_tool_io CLI11::CLI11 Threads::Threads)
set_target_properties(liangma_cli PROPERTIES OUTPUT_NAME liangma
  RUNTIME_OUTPUT_DIRECTORY ${LIANGMA_BIN_DIR})

find_program(LIANGMA_NODE NAMES node nodejs)
if(LIANGMA_TESTS AND LIANGMA_NODE)
  foreach(script batch challenge colours data distrust forgery inspect paper parallel qr rekey rules sealed status thread time trust usage)
    add_test(NAME cli-${script} COMMAND ${LIANGMA_NODE} ${PROJECT_SOURCE_DIR}/tests/cli/run.mjs
      $<TARGET_FILE_DIR:liangma_cli> ${PROJECT_SOURCE_DIR}/tests/cli/${script}.txt)
  endforeach()

  add_test(NAME cli-hostile COMMAND ${LIANGMA_NODE} --test ${PROJECT_SOURCE_DIR}/tests/cli/hostile.mjs)
  set(environment "LIANGMA_BIN=$<TARGET_FILE_DIR:liangma_cli>")
  if(NOT LIANGMA_SANITIZE)
    add_library(liangma_no_entropy MODULE tests/cli/no_entropy.c)
    add_library(liangma_freed_watch MODULE tests/cli/freed_watch.c)
    target_link_libraries(liangma_freed_watch PRIVATE ${CMAKE_DL_LIBS})
    list(APPEND environment "LIANGMA_NO_ENTROPY=$<TARGET_FILE:liangma_no_entropy>"
      "LIANGMA_FREED_WATCH=$<TARGET_FILE:liangma_freed_watch>")
  endif()
  set_tests_properties(cli-hostile PROPERTIES ENVIRONMENT "${environment}")
endif()
