// SPDX-License-Identifier: Apache-2.0
#include "cli/issue_batch.h"

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "cli/arguments.h"
#include "cli/batch_files.h"
#include "cli/json_io.h"
#include "cli/system_entropy.h"
#include "cli/text_codec.h"

namespace liangma::tools {
namespace {

constexpr std::uint64_t kMaxStatusIndex = 0xFFFFFFFF;
constexpr std::size_t kEntropyPerLine = 6 + 16 * 9;

/// The output's first line: what a batch has to agree on with the one that it resumes.
std::string headerLine(const BatchJob& job, const SigningKey& key, std::uint64_t inputBytes) {
  OrderedJson batch = {{"issuer", job.issuer},
                       {"key", encodeHex(key.publicKey().keyId8())},
                       {"inputBytes", inputBytes},
                       {"shard", std::to_string(job.shard.n) + "/" + std::to_string(job.shard.count)}};
  if (job.statusFrom) batch["statusFrom"] = *job.statusFrom;
  return jsonLine({{"batch", batch}}) + "\n";
}

class LineSigner {
 public:
  LineSigner(const BatchJob& job, const SigningKey& key) : job_(job), key_(key) {}

  /// One line of output for each line of input.
  std::string sign(const LineBlock& block) const {
    SystemEntropy drawn(block.count * kEntropyPerLine);
    Entropy& entropy = drawn.get();
    std::string out;
    out.reserve(block.count * 1200);
    std::uint64_t number = block.firstLine;
    std::string_view rest = block.text;
    for (; !rest.empty(); ++number) {
      const auto end = rest.find('\n');
      signLine(rest.substr(0, end), number, entropy, out);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return out;
  }

 private:
  void signLine(std::string_view line, std::uint64_t number, Entropy& entropy, std::string& out) const {
    out.append("{\"line\":").append(std::to_string(number));
    try {
      const auto issued = issueCredential(claimsOf(line, number), key_, entropy);
      if (!issued.ok()) fail(issued.error());
      out.append(",\"credential\":\"").append(encodeBase64url(*issued)).append("\"}\n");
    } catch (const Failure& failure) {
      out.append(",\"error\":").append(OrderedJson(failure.id).dump());
      out.append(",\"message\":").append(jsonLine(failure.message)).append("}\n");
    }
  }

  CredentialClaims claimsOf(std::string_view line, std::uint64_t number) const {
    if (line.size() > kMaxLineBytes) failBadData("cli.too-large", "the line is longer than 16 KiB");
    Json json = parseJson(line, "the line");
    CredentialClaims claims;
    claims.deviceKey = takeDevice(json);
    auto person = personClaimsFromJson(json, "the line");
    claims.issuer = job_.issuer;
    claims.issuedAt = CommonOptions{false, job_.now}.clock();
    claims.expiresAt = claims.issuedAt + job_.lifeSeconds;
    claims.code = std::move(person.code);
    claims.identity = std::move(person.identity);
    if (job_.statusFrom) claims.code.statusIndex = statusIndexOf(json, number);
    return claims;
  }

  /// Takes the device's key out of the line, so that the rest is as claims.json.
  static PublicKey takeDevice(Json& json) {
    const auto* device = json.is_object() && json.contains("device") ? &json["device"] : nullptr;
    const auto* text = device == nullptr ? nullptr : device->get_ptr<const std::string*>();
    const auto key = need(
        PublicKey::fromRaw(bytes32FromText(text == nullptr ? std::string() : *text, "the line: device")));
    json.erase("device");
    return key;
  }

  std::uint64_t statusIndexOf(const Json& json, std::uint64_t number) const {
    if (json.contains("statusIndex"))
      failBadData("cli.json-shape", "the line: statusIndex: is given together with --status-from");
    const auto index = *job_.statusFrom + number - 1;
    if (index > kMaxStatusIndex)
      failBadData("cli.json-shape", "the line: its status index is over 4294967295");
    return index;
  }

  const BatchJob& job_;
  const SigningKey& key_;
};

/// Hands out blocks to the threads and takes their answers back in the same order.
class Pipeline {
 public:
  Pipeline(PeopleFile& people, BatchFile& out, const LineSigner& signer)
      : people_(people), out_(out), signer_(signer) {}

  void run(unsigned threads) {
    std::vector<std::thread> workers;
    for (unsigned i = 1; i < threads; ++i) workers.emplace_back([this] { work(); });
    work();
    for (auto& worker : workers) worker.join();
    if (failure_) throw *failure_;
  }

 private:
  void work() {
    try {
      while (signNext()) {
      }
    } catch (const Failure& failure) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = failure;
      turn_.notify_all();
    }
  }

  bool signNext() {
    std::unique_lock lock(mutex_);
    if (failure_) return false;
    auto block = people_.next();
    if (!block) return false;
    const auto ticket = taken_++;
    lock.unlock();
    const auto lines = signer_.sign(*block);
    lock.lock();
    turn_.wait(lock, [&] { return failure_ || written_ == ticket; });
    if (failure_) return false;
    out_.append(lines);
    ++written_;
    turn_.notify_all();
    return true;
  }

  PeopleFile& people_;
  BatchFile& out_;
  const LineSigner& signer_;
  std::mutex mutex_;
  std::condition_variable turn_;
  std::uint64_t taken_ = 0, written_ = 0;
  std::optional<Failure> failure_;
};

}  // namespace

Shard shardFromText(const std::string& text) {
  Shard shard;
  const char* end = text.data() + text.size();
  const auto n = std::from_chars(text.data(), end, shard.n);
  if (n.ec == std::errc() && n.ptr != end && *n.ptr == '/') {
    const auto count = std::from_chars(n.ptr + 1, end, shard.count);
    if (count.ec == std::errc() && count.ptr == end && shard.n >= 1 && shard.n <= shard.count &&
        shard.count <= 65535)
      return shard;
  }
  failUsage("cli.usage", "--shard: must be as 3/8: the third of eight, at most 65535");
}

BatchReport issueBatch(const BatchJob& job, const SigningKey& key) {
  PeopleFile people(job.people, job.shard);
  BatchFile out(job.out, headerLine(job, key, people.sizeBytes()));
  people.skip(out.lines());
  const auto resumedAfter = out.lines();
  const auto threads = job.threads != 0 ? job.threads : std::max(1U, std::thread::hardware_concurrency());
  const LineSigner signer(job, key);
  Pipeline(people, out, signer).run(threads);
  out.finish();
  return {out.lines() - out.refused(), out.refused(), resumedAfter};
}

}  // namespace liangma::tools
