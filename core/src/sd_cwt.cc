// SPDX-License-Identifier: Apache-2.0
#include "sd_cwt.h"

#include <algorithm>

#include "cose.h"
#include "crypto/crypto.h"

namespace liangma::sdcwt {
namespace {

using cbor::Item;
using cbor::Type;

constexpr int kMaxDepth = 32;

/// A disclosure taken apart: one element is a decoy, two an array element, three a map entry.
struct Salted {
  ByteArray<32> hash32;
  cbor::Document document;
  bool used = false;

  std::size_t parts() const { return document.root().count(); }
  Item value() const { return document.root().at(1); }
  Item key() const { return document.root().at(2); }
};

Result<Salted> parseSalted(const Bytes& disclosure) {
  LIANGMA_TRY(auto document, cbor::decode(disclosure));
  Salted salted{blindedHash32(disclosure), std::move(document)};
  const Item root = salted.document.root();
  if (!root.is(Type::Array) || root.count() < 1 || root.count() > 3) return Errc::DisclosureShape;
  const auto salt = root.first().bytes();
  if (!salt || salt->size() != 16) return Errc::DisclosureShape;
  if (root.count() == 3 && !salted.key().integer() && !salted.key().text()) return Errc::DisclosureShape;
  return salted;
}

bool sameBytes(ByteView a, ByteView b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

/// Rewrites a claims tree, resolving its redactions.
class Resolver {
 public:
  static Result<Resolver> create(const std::vector<Bytes>& disclosures) {
    Resolver resolver;
    for (const auto& disclosure : disclosures) {
      LIANGMA_TRY(auto salted, parseSalted(disclosure));
      for (const auto& other : resolver.salted_)
        if (other.hash32 == salted.hash32) return Errc::DisclosureDuplicate;
      resolver.salted_.push_back(std::move(salted));
    }
    return resolver;
  }

  Result<Bytes> resolve(Item item, int depth) {
    if (depth > kMaxDepth) return Errc::CborTooDeep;
    switch (item.type()) {
      case Type::Map:
        return resolveMap(item, depth);
      case Type::Array:
        return resolveArray(item, depth);
      case Type::Tag: {
        if (item.argument() == kTagRedactedElement) return Errc::DisclosureShape;
        LIANGMA_TRY(const auto inner, resolve(item.first(), depth + 1));
        return cbor::Writer().tag(item.argument()).raw(inner).take();
      }
      default:
        return Bytes(item.encoded().begin(), item.encoded().end());
    }
  }

  bool allUsed() const {
    return std::all_of(salted_.begin(), salted_.end(), [](const Salted& salted) { return salted.used; });
  }

 private:
  struct Entry {
    ByteView key;
    Bytes value;
  };

  /// The disclosure of a hash; nullptr for one that stays redacted or is a decoy.
  Result<Salted*> claimFor(Item hash, std::size_t parts) {
    const auto bytes = hash.bytes();
    if (!bytes || bytes->size() != 32) return Errc::DisclosureShape;
    for (auto& salted : salted_) {
      if (!sameBytes(salted.hash32, *bytes)) continue;
      if (salted.used) return Errc::DisclosureDuplicate;
      salted.used = true;
      if (salted.parts() == 1) return nullptr;
      if (salted.parts() != parts) return Errc::DisclosureShape;
      return &salted;
    }
    return nullptr;
  }

  Result<Bytes> resolveMap(Item map, int depth) {
    std::vector<Entry> entries;
    Item key = map.first();
    for (std::size_t i = 0; i < map.count(); ++i, key = key.next().next()) {
      if (key.isSimple(kRedactedKeys)) {
        LIANGMA_CHECK(addDisclosed(key.next(), depth, entries));
      } else {
        LIANGMA_TRY(auto value, resolve(key.next(), depth + 1));
        entries.push_back({key.encoded(), std::move(value)});
      }
    }
    return writeMap(entries);
  }

  Status addDisclosed(Item hashes, int depth, std::vector<Entry>& entries) {
    if (!hashes.is(Type::Array)) return Errc::DisclosureShape;
    Item hash = hashes.first();
    for (std::size_t i = 0; i < hashes.count(); ++i, hash = hash.next()) {
      LIANGMA_TRY(const Salted* salted, claimFor(hash, 3));
      if (salted == nullptr) continue;
      LIANGMA_TRY(auto value, resolve(salted->value(), depth + 1));
      entries.push_back({salted->key().encoded(), std::move(value)});
    }
    return success();
  }

  static Result<Bytes> writeMap(std::vector<Entry>& entries) {
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      return std::lexicographical_compare(a.key.begin(), a.key.end(), b.key.begin(), b.key.end());
    });
    cbor::Writer writer;
    writer.map(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (i > 0 && sameBytes(entries[i - 1].key, entries[i].key)) return Errc::DisclosureDuplicate;
      writer.raw(entries[i].key).raw(entries[i].value);
    }
    return writer.take();
  }

  Result<Bytes> resolveArray(Item array, int depth) {
    std::vector<Bytes> elements;
    Item element = array.first();
    for (std::size_t i = 0; i < array.count(); ++i, element = element.next()) {
      Item value = element;
      if (element.is(Type::Tag) && element.argument() == kTagRedactedElement) {
        LIANGMA_TRY(const Salted* salted, claimFor(element.first(), 2));
        if (salted == nullptr) continue;
        value = salted->value();
      }
      LIANGMA_TRY(auto resolved, resolve(value, depth + 1));
      elements.push_back(std::move(resolved));
    }
    cbor::Writer writer;
    writer.array(elements.size());
    for (const auto& encoded : elements) writer.raw(encoded);
    return writer.take();
  }

  std::vector<Salted> salted_;
};

}  // namespace

Bytes makeDisclosure(const ByteArray<16>& salt16, ByteView value, std::int64_t key) {
  return cbor::Writer().array(3).bytes(salt16).raw(value).integer(key).take();
}

ByteArray<32> blindedHash32(ByteView disclosure) {
  return crypto::sha256(cbor::Writer().bytes(disclosure).take());
}

Result<std::vector<Bytes>> readDisclosures(Item unprotected) {
  std::vector<Bytes> disclosures;
  const auto claims = unprotected.find(cose::kHeaderSdClaims);
  if (!claims) return disclosures;
  if (!claims->is(Type::Array) || claims->count() == 0 || claims->count() > kMaxDisclosures)
    return Errc::DisclosureShape;
  Item disclosure = claims->first();
  for (std::size_t i = 0; i < claims->count(); ++i, disclosure = disclosure.next()) {
    const auto bytes = disclosure.bytes();
    if (!bytes) return Errc::DisclosureShape;
    disclosures.emplace_back(bytes->begin(), bytes->end());
  }
  return disclosures;
}

Result<Bytes> resolveClaims(Item payload, const std::vector<Bytes>& disclosures) {
  LIANGMA_TRY(auto resolver, Resolver::create(disclosures));
  LIANGMA_TRY(auto claims, resolver.resolve(payload, 0));
  if (!resolver.allUsed()) return Errc::DisclosureUnmatched;
  return claims;
}

}  // namespace liangma::sdcwt
