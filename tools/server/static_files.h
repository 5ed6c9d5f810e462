// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "server/router.h"

namespace liangma::server {

/// Files below a folder, as they are; beside `x`, `x.br` and `x.gz` may hold the same compressed.
///
/// Names below `assets/` contain a hash of their content and may be kept for ever; everything else is asked
/// for again each time, with an ETag.
class StaticFiles {
 public:
  /// @param root  need not exist: then only the built-in front page is served
  explicit StaticFiles(const std::filesystem::path& root);

  /// Links that lead out of the folder and names that begin with a dot are not there.
  ///
  /// @throws Problem  404 http.not-found
  Reply serve(const Call& call) const;

 private:
  std::filesystem::path root_;
};

}  // namespace liangma::server
