# SPDX-License-Identifier: Apache-2.0
# Libraries of the native tools, taken from the system (Debian: see tools/setup).

# SOCI with its backends for SQLite and PostgreSQL; Debian's package has no CMake files.
function(liangma_add_soci)
  find_path(SOCI_INCLUDE soci/soci.h REQUIRED)
  find_library(SOCI_CORE soci_core REQUIRED)
  find_library(SOCI_SQLITE3 soci_sqlite3 REQUIRED)
  find_library(SOCI_POSTGRESQL soci_postgresql REQUIRED)
  find_package(SQLite3 REQUIRED)
  find_package(PostgreSQL REQUIRED)
  add_library(liangma_soci INTERFACE)
  target_include_directories(liangma_soci SYSTEM INTERFACE "${SOCI_INCLUDE}")
  # Debian's soci-config.h asks for Boost's headers (138 MB), only to bind Boost's own containers. So it is left out,
  # and what else it says is said here.
  target_compile_definitions(liangma_soci INTERFACE
    SOCICONFIG_H_INCLUDED SOCI_HAVE_CXX11 SOCI_HAVE_SQLITE3 SOCI_HAVE_POSTGRESQL SOCI_HAVE_VISIBILITY_SUPPORT)
  if(LIANGMA_SANITIZE)
    # Its library does not export the typeinfo that this check asks for.
    target_compile_options(liangma_soci INTERFACE -fno-sanitize=vptr)
  endif()
  target_link_libraries(liangma_soci INTERFACE "${SOCI_SQLITE3}" "${SOCI_POSTGRESQL}" "${SOCI_CORE}"
    SQLite::SQLite3 PostgreSQL::PostgreSQL)
endfunction()

# Debian builds cpp-httplib as a shared library with OpenSSL, zlib and Brotli; its .pc file says so.
function(liangma_add_httplib)
  find_package(PkgConfig REQUIRED)
  find_package(Threads REQUIRED)
  pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
  add_library(liangma_httplib INTERFACE)
  target_link_libraries(liangma_httplib INTERFACE PkgConfig::HTTPLIB Threads::Threads)
endfunction()
