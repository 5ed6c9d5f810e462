// SPDX-License-Identifier: Apache-2.0
#include "server/static_files.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

#include "server/problem.h"

namespace liangma::server {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBinary = "application/octet-stream";
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kMediaTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".wasm", "application/wasm"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".ico", "image/x-icon"},
    {".webp", "image/webp"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".cbor", "application/cbor"},
    {".map", "application/json"},
}};

constexpr std::string_view kFrontPage =
    "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\"><title>Liangma</title></head>\n<body>\n"
    "<h1>Liangma 亮码</h1>\n<ul>\n<li><a href=\"/wallet/\">Wallet 钱包</a></li>\n"
    "<li><a href=\"/gate/\">Gate 查验</a></li>\n<li><a href=\"/desk/\">Hospital desk 医院窗口</a></li>\n"
    "</ul>\n</body>\n</html>\n";

std::string_view mediaType(const fs::path& file) {
  const std::string extension = file.extension().string();
  for (const auto& [known, type] : kMediaTypes)
    if (known == extension) return type;
  return kBinary;
}

bool isSafePath(std::string_view path) {
  if (!path.starts_with('/') || path.find("/.") != std::string_view::npos) return false;
  if (path.find("//") != std::string_view::npos) return false;
  return std::none_of(path.begin(), path.end(),
                      [](unsigned char c) { return c < 0x20 || c == '\\' || c == 0x7F; });
}

bool isInside(const fs::path& root, const fs::path& file) {
  return std::mismatch(root.begin(), root.end(), file.begin(), file.end()).first == root.end();
}

/// Whether a coding is named with a weight above 0.
/// @source RFC 9110, 12.5.3
bool accepts(const std::string& header, std::string_view coding) {
  std::istringstream entries(header);
  for (std::string entry; std::getline(entries, entry, ',');) {
    std::erase(entry, ' ');
    const auto end = entry.find(';');
    if (entry.substr(0, end) != coding) continue;
    const auto weight = end == std::string::npos ? "" : entry.substr(end + 1);
    return weight.empty() || weight.find_first_of("123456789") != std::string::npos;
  }
  return false;
}

struct Variant {
  fs::path file;
  std::string_view coding;
};

Variant bestVariant(const fs::path& file, const std::string& acceptEncoding) {
  constexpr std::pair<std::string_view, const char*> kCodings[] = {{"br", ".br"}, {"gzip", ".gz"}};
  for (const auto& [coding, suffix] : kCodings) {
    fs::path packed = file;
    packed += suffix;
    std::error_code failed;
    if (accepts(acceptEncoding, coding) && fs::is_regular_file(packed, failed)) return {packed, coding};
  }
  return {file, {}};
}

std::string entityTag(const fs::path& file) {
  std::error_code failed;
  const auto changed = fs::last_write_time(file, failed).time_since_epoch().count();
  std::ostringstream tag;
  tag << '"' << std::hex << static_cast<std::uint64_t>(changed) << '-' << fs::file_size(file, failed)
      << file.extension().string() << '"';
  return tag.str();
}

std::string readWhole(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream content;
  if (!in || !(content << in.rdbuf())) throw notFound();
  return std::move(content).str();
}

Reply replyWith(const fs::path& file, const Call& call) {
  const Variant variant = bestVariant(file, call.acceptEncoding);
  const std::string tag = entityTag(variant.file);
  const bool hashed = call.path.find("/assets/") != std::string::npos;
  Reply reply;
  reply.headers = {{"ETag", tag},
                   {"Vary", "Accept-Encoding"},
                   {"Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache"}};
  if (call.ifNoneMatch.find(tag) != std::string::npos) {
    reply.status = 304;
    return reply;
  }
  if (!variant.coding.empty()) reply.headers.emplace_back("Content-Encoding", variant.coding);
  reply.contentType = mediaType(file);
  reply.body = readWhole(variant.file);
  return reply;
}

Reply redirectToFolder(const std::string& path) {
  return {308, {}, {}, {{"Location", path + "/"}}};
}

Reply frontPage() {
  return {200, "text/html; charset=utf-8", std::string(kFrontPage), {{"Cache-Control", "no-cache"}}};
}

}  // namespace

StaticFiles::StaticFiles(const fs::path& root) {
  std::error_code failed;
  root_ = fs::canonical(root, failed);
}

Reply StaticFiles::serve(const Call& call) const {
  if (!isSafePath(call.path)) throw notFound();
  std::error_code failed;
  const bool folder = call.path.ends_with('/');
  const fs::path asked = root_ / (call.path.substr(1) + (folder ? "index.html" : ""));
  const fs::path file = fs::canonical(asked, failed);
  const bool there = !root_.empty() && !failed && isInside(root_, file);
  if (there && fs::is_regular_file(file, failed)) return replyWith(file, call);
  if (there && !folder && fs::is_regular_file(file / "index.html", failed))
    return redirectToFolder(call.path);
  if (call.path == "/") return frontPage();
  throw notFound();
}

}  // namespace liangma::server
