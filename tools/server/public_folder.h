// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "cli/files.h"
#include "server/router.h"
#include "server/static_files.h"

namespace liangma::server {

/// What anybody may have, as files: the trust list, region packs, status lists. A web server or a CDN can
/// serve the same folder. Who can read the folder can read what is in it.
class PublicFolder {
 public:
  explicit PublicFolder(const std::filesystem::path& root);

  /// Whether this process is the one that writes here: of several on one folder the first, until it ends.
  bool takeOver();

  /// Puts a file in its place whole: readers see the old one or the new one, and it is on the disk when this
  /// returns. Leaves one with the same content as it is.
  ///
  /// @param name  such as "status/330100/0"
  /// @throws Problem  server.storage: nothing was changed
  void put(std::string_view name, std::string_view content);
  bool has(std::string_view name) const;

  /// Whether a path is one of this folder's.
  static bool serves(std::string_view path);
  /// @throws Problem  404 http.not-found
  Reply serve(const Call& call) const;

  /// For how long a status list may be kept without asking again.
  void setStatusSeconds(UnixSeconds seconds) { statusSeconds_ = seconds; }

 private:
  std::filesystem::path root_;
  StaticFiles files_;
  std::unique_ptr<tools::File> lock_;
  UnixSeconds statusSeconds_ = 0;
};

}  // namespace liangma::server
