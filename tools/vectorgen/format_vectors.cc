// SPDX-License-Identifier: Apache-2.0
#include "liangma/base45.h"
#include "vectorgen/forge.h"
#include "vectorgen/vectors.h"

namespace liangma::vectors {
namespace {

struct Case {
  const char* name;
  const char* input;
  const char* result;
};

constexpr Case kTexts[] = {
    {"empty", "", "ok"},
    {"two-bytes", "0F9", "ok"},
    {"odd-byte", "U5", "ok"},
    {"highest-triplet", "FGW", "ok"},
    {"highest-pair", "U5", "ok"},
    {"lower-case", "fgw", "base45.character"},
    {"control-character", "\t0", "base45.character"},
    {"outside-ascii", "\xc3\xa4", "base45.character"},
    {"percent-escape", "%20=0", "base45.character"},
    {"one-character", "0", "base45.length"},
    {"four-characters", "0F90", "base45.length"},
    {"triplet-above-65535", "GGW", "base45.overflow"},
    {"pair-above-255", "V5", "base45.overflow"},
};

constexpr Case kItems[] = {
    {"zero", "00", "ok"},
    {"highest-integer", "1bffffffffffffffff", "ok"},
    {"lowest-integer", "3bffffffffffffffff", "ok"},
    {"bytes", "43010203", "ok"},
    {"text", "63e6b0b4", "ok"},
    {"map", "a3016161200a61620a", "ok"},
    {"tag", "d28440a04040", "ok"},
    {"simple", "f83b", "ok"},
    {"half", "f93e00", "ok"},
    {"single", "fa47c35000", "ok"},
    {"double", "fb3ff199999999999a", "ok"},
    {"not-a-number", "f97e00", "ok"},
    {"big-number", "c249010000000000000000", "ok"},
    {"sixteen-deep", "81818181818181818181818181818180", "ok"},
    {"reserved-argument", "1c", "cbor.malformed"},
    {"simple-in-two-bytes", "f818", "cbor.malformed"},
    {"lone-break", "ff", "cbor.malformed"},
    {"nothing", "", "cbor.truncated"},
    {"missing-argument", "19ff", "cbor.truncated"},
    {"missing-content", "43 0102", "cbor.truncated"},
    {"missing-value", "a101", "cbor.truncated"},
    {"second-item", "0000", "cbor.trailing-bytes"},
    {"seventeen-deep", "8181818181818181818181818181818180", "cbor.too-deep"},
    {"same-key-twice", "a201000100", "cbor.duplicate-key"},
    {"open-ended-array", "9f00ff", "cbor.indefinite-length"},
    {"open-ended-text", "7f6161ff", "cbor.indefinite-length"},
    {"long-head", "1817", "cbor.not-shortest"},
    {"long-length", "580100", "cbor.not-shortest"},
    {"long-float", "fa3fc00000", "cbor.not-shortest"},
    {"other-not-a-number", "f97e01", "cbor.not-shortest"},
    {"padded-big-number", "c24101", "cbor.not-shortest"},
    {"keys-descending", "a202000100", "cbor.key-order"},
    {"keys-by-length", "a2 1864 00 20 00", "ok"},
    {"overlong-utf8", "62c080", "cbor.utf8"},
    {"surrogate", "63eda080", "cbor.utf8"},
};

Json expected(const char* result) {
  if (std::string_view(result) == "ok") return {{"ok", true}};
  return {{"error", result}};
}

}  // namespace

File base45Vectors() {
  Json records = Json::array();
  for (const auto& [name, text, result] : kTexts) {
    const std::string_view raw = text;
    const Bytes bytes(raw.begin(), raw.end());
    Json out = expected(result);
    if (out.contains("ok")) out["bytes"] = forge::hex(*decodeBase45(raw));
    records.push_back(record(name, {{"text", forge::hex(bytes)}}, out));
  }
  return {"base45",
          {{"about", "RFC 9285, nothing but the encoder's own output (SPEC.md 2)"},
           {"operation", "decodeBase45"},
           {"input", {{"text", "the characters as bytes, hex"}}},
           {"expected", {{"ok", "true"}, {"bytes", "hex"}, {"error", "the id, in place of ok"}}},
           {"records", records}}};
}

File cborVectors() {
  Json records = Json::array();
  for (const auto& [name, digits, result] : kItems)
    records.push_back(record(name, {{"bytes", forge::hex(forge::fromHex(digits))}}, expected(result)));
  const Bytes large(16 * 1024 + 1, 0);
  records.push_back(refusal("more-than-16-kib", {{"zeros", large.size()}}, "cbor.too-large"));
  return {"cbor",
          {{"about", "core deterministic CBOR and nothing else (SPEC.md 3)"},
           {"operation", "decodeCbor"},
           {"input", {{"bytes", "hex"}, {"zeros", "in place of bytes: so many bytes 00"}}},
           {"expected", {{"ok", "true"}, {"error", "the id, in place of ok"}}},
           {"records", records}}};
}

}  // namespace liangma::vectors
