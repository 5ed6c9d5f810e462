// SPDX-License-Identifier: Apache-2.0
// Builds, signs, loads and asks the status lists of 50,470,000 codes, as many as Zhejiang had issued by
// 24 February 2020, and prints what that takes as a Markdown table.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <random>

#include "liangma/status_list.h"

namespace {

using namespace liangma;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kCodes = 50'470'000;
constexpr UnixSeconds kNow = 1582502400;  // 2020-02-24T00:00:00Z
constexpr int kLookups = 10'000'000;
/// One code in so many is not valid: superseded by a renewal, mostly.
constexpr unsigned kOneIn = 50;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A field of /proc/self/status, in MiB; 0 where there is none.
double memoryMiB(const char* field) {
  std::FILE* file = std::fopen("/proc/self/status", "r");
  if (file == nullptr) return 0;
  char line[256];
  double kib = 0;
  while (std::fgets(line, sizeof line, file) != nullptr)
    if (std::strncmp(line, field, std::strlen(field)) == 0) kib = std::atof(line + std::strlen(field) + 1);
  std::fclose(file);
  return kib / 1024;
}

/// The statuses of every list, the last of them as long as it needs to be.
std::vector<StatusBits> build(std::mt19937_64& random) {
  std::vector<StatusBits> lists;
  for (std::uint64_t first = 0; first < kCodes; first += kStatusListEntries) {
    const auto entries = std::min(kStatusListEntries, (kCodes - first + 3) / 4 * 4);
    lists.push_back(StatusBits::create(2, entries).value());
    for (std::uint64_t i = 0; i < entries / kOneIn; ++i)
      (void)lists.back().set(random() % entries, static_cast<std::uint8_t>(random() % 10 == 0 ? 1 : 3));
  }
  return lists;
}

std::vector<Bytes> sign(const std::vector<StatusBits>& lists, const TrustedIssuer& issuer,
                        const SigningKey& key) {
  std::vector<Bytes> tokens;
  for (const auto& list : lists)
    tokens.push_back(
        signStatusList({statusListUri(issuer, tokens.size()), kNow, kNow + 86400, 3600}, list, key).value());
  return tokens;
}

void load(const std::vector<Bytes>& tokens, const TrustedIssuer& issuer, StatusLists& lists) {
  for (const auto& token : tokens) (void)lists.keep(openStatusList(token, issuer).value());
}

/// Nanoseconds for one lookup of a random index.
double lookUp(const StatusLists& lists, std::mt19937_64& random, std::uint64_t codes) {
  std::vector<std::uint64_t> indices(1 << 16);
  for (auto& index : indices) index = random() % codes;
  unsigned notValid = 0;
  const auto start = Clock::now();
  for (int i = 0; i < kLookups; ++i)
    notValid += lists.status("330000", indices[i & 0xffff], kNow).value().status != CredentialStatus::Valid;
  const double seconds = secondsSince(start);
  if (notValid == 0) std::printf("nothing was withdrawn?\n");
  return seconds / kLookups * 1e9;
}

void row(const char* what, const char* format, double value, const char* unit) {
  std::printf("| %s | ", what);
  std::printf(format, value);
  std::printf(" %s |\n", unit);
}

}  // namespace

int main() {
  std::mt19937_64 random(1);
  const auto key = SigningKey::fromSeed(Bytes(32, 0x11)).value();
  const TrustedIssuer issuer{
      "330000", {}, {{key.publicKey(), 0, kNow + 86400}}, "https://330000.example/{list}", {}, {}};
  auto start = Clock::now();
  auto statuses = build(random);
  const double buildSeconds = secondsSince(start);
  start = Clock::now();
  const auto tokens = sign(statuses, issuer, key);
  const double signSeconds = secondsSince(start);
  statuses.clear();
  statuses.shrink_to_fit();
  std::size_t bytes = 0;
  for (const auto& token : tokens) bytes += token.size();
  const double before = memoryMiB("VmRSS:");
  StatusLists lists;
  start = Clock::now();
  load(tokens, issuer, lists);
  const double loadSeconds = secondsSince(start);
  const double after = memoryMiB("VmRSS:");
  const auto count = static_cast<double>(tokens.size());
  std::printf("| status lists of 50,470,000 codes, one in %u not valid | |\n|---|---|\n", kOneIn);
  row("lists", "%.0f", count, "");
  row("signed, all", "%.2f", static_cast<double>(bytes) / 1048576, "MiB");
  row("signed, one", "%.0f", static_cast<double>(bytes) / 1024 / count, "KiB");
  row("set the entries", "%.2f", buildSeconds, "s");
  row("deflate and sign", "%.2f", signSeconds, "s");
  row("verify and inflate (load)", "%.3f", loadSeconds, "s");
  row("look up, anywhere in all lists", "%.0f", lookUp(lists, random, kCodes), "ns");
  row("look up, in one list", "%.0f", lookUp(lists, random, kStatusListEntries), "ns");
  row("memory that the loaded lists take", "%.1f", after - before, "MiB");
  return 0;
}
