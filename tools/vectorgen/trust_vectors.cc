// SPDX-License-Identifier: Apache-2.0
#include "cbor/reader.h"
#include "cbor/writer.h"
#include "cose.h"
#include "profile.h"
#include "vectorgen/forge.h"
#include "vectorgen/vectors.h"
#include "vectorgen/world.h"

namespace liangma::vectors {
namespace {

using forge::fromHex;
using forge::integer;
using forge::Map;

class TrustFile {
 public:
  Json records() {
    const auto content = world::trustContent();
    const auto list = world::signTrust(content);
    accept("usual", list, {});
    accept("same-version", list, {{"knownVersion", 7}});
    accept("last-second", list, {{"now", content.expiresAt - 1}});
    refuse("rolled-back", list, {{"knownVersion", 8}}, "trust.rolled-back");
    refuse("expired", list, {{"now", content.expiresAt}}, "trust.expired");
    refuse("reader's-clock-behind", list, {{"now", content.issuedAt - 61}}, "time.verifier-clock-suspect");
    refuse("other-root-pinned", list, {{"roots", roots({world::kOtherRoot})}}, "trust.root-unknown");
    refuse("nothing-pinned", list, {{"roots", Json::array()}}, "trust.root-unknown");
    rotation();
    altered(list);
    shapes();
    return std::move(records_);
  }

 private:
  static Json roots(std::initializer_list<std::uint8_t> fills) {
    Json keys = Json::array();
    for (const auto fill : fills) keys.push_back(forge::hex(world::signingKey(fill).publicKey().raw32()));
    return keys;
  }
  static Json input(const Bytes& list, const Json& changes) {
    Json fields = {{"trust", forge::hex(list)},
                   {"roots", roots({world::kRoot})},
                   {"knownVersion", 0},
                   {"now", world::kNow}};
    return withChanges(fields, changes);
  }
  void accept(std::string_view name, const Bytes& list, const Json& changes) {
    records_.push_back(record(name, input(list, changes), {{"ok", true}, {"version", 7}}));
  }
  void refuse(std::string_view name, const Bytes& list, const Json& changes, std::string_view id) {
    records_.push_back(refusal(name, input(list, changes), id));
  }

  void rotation() {
    auto both = world::trustContent();
    both.roots.push_back(world::signingKey(world::kOtherRoot).publicKey());
    const auto rotating = world::signTrust(both, {world::kRoot, world::kOtherRoot});
    accept("rotation-for-the-old-root", rotating, {});
    accept("rotation-for-the-new-root", rotating, {{"roots", roots({world::kOtherRoot})}});
    auto after = world::trustContent();
    after.roots = {world::signingKey(world::kOtherRoot).publicKey()};
    const auto rotated = world::signTrust(after, {world::kOtherRoot});
    accept("rotated", rotated, {{"roots", roots({world::kOtherRoot})}});
    refuse("rotation-missed", rotated, {}, "trust.root-unknown");
    cbor::Writer keys;
    keys.array(2).bytes(both.roots[0].raw32()).bytes(both.roots[1].raw32());
    refuse("rotation-half-signed", signPayload(withTrust(2, keys.take())), {}, "trust.rotation-incomplete");
  }

  void altered(const Bytes& list) {
    auto last = list;
    last.back() ^= 1;
    refuse("signature-altered", last, {}, "trust.signature-bad");
    auto cut = list;
    cut.pop_back();
    refuse("cut-short", cut, {}, "cbor.truncated");
    refuse("a-credential", world::issue(world::claims()), {}, "cose.shape");
    refuse("other-type", fromHex("d8628441a0a04080"), {}, "cose.type-wrong");
  }

  void shapes() {
    refuse("version-zero", signPayload(withTrust(1, integer(0))), {}, "trust.shape");
    refuse("no-roots", signPayload(withTrust(2, fromHex("80"))), {}, "trust.shape");
    refuse("issuers-no-array", signPayload(withTrust(3, fromHex("a0"))), {}, "trust.shape");
    refuse("member-unknown", signPayload(withTrust(6, fromHex("80"))), {}, "trust.shape");
    refuse("expires-before-issued", signPayload(payload().set(profile::kExp, integer(1)).encode()), {},
           "trust.shape");
  }

  static Map payload() {
    const auto list = world::signTrust(world::trustContent());
    const auto document = cbor::decode(list, {1 << 20, 16}).value();
    return Map::read(*document.root().first().at(2).bytes());
  }
  static Bytes withTrust(std::int64_t member, const Bytes& value) {
    auto trust = Map::read(payload().at(profile::kTrust));
    return payload().set(profile::kTrust, trust.set(member, value).encode()).encode();
  }
  static Bytes signPayload(const Bytes& encoded) {
    const auto root = world::signingKey(world::kRoot);
    const auto header = Map().set(16, forge::text("lmt+cwt")).encode();
    const auto signer = Map().set(1, integer(-19)).set(4, forge::bytes(root.publicKey().keyId8())).encode();
    const auto signature = root.sign(cose::toBeSignedBy(header, signer, encoded));
    cbor::Writer writer;
    writer.tag(98).array(4).bytes(header).map(0).bytes(encoded).array(1);
    return writer.array(3).bytes(signer).map(0).bytes(signature).take();
  }

  Json records_ = Json::array();
};

}  // namespace

File trustVectors() {
  return {
      "trust",
      {{"about", "trust lists against pinned roots (SPEC.md 9)"},
       {"operation", "openTrustList"},
       {"input",
        {{"trust", "COSE_Sign, hex"},
         {"roots", "the pinned Ed25519 public keys, hex"},
         {"knownVersion", "the highest version accepted before; 0: none"},
         {"now", "Unix seconds"}}},
       {"expected", {{"ok", "true"}, {"version", "of the list"}, {"error", "the id, in place of all that"}}},
       {"records", TrustFile().records()}}};
}

}  // namespace liangma::vectors
