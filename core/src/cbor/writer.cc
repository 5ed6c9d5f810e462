// SPDX-License-Identifier: Apache-2.0
#include "cbor/writer.h"

#include <algorithm>

#include <cbor.h>

namespace liangma::cbor {
namespace {

CborError append(void* target, const void* data, size_t size, CborEncoderAppendType) {
  auto& out = *static_cast<Bytes*>(target);
  const auto* begin = static_cast<const std::uint8_t*>(data);
  out.insert(out.end(), begin, begin + size);
  return CborNoError;
}

CborEncoder encoderTo(Bytes& out) {
  CborEncoder encoder;
  cbor_encoder_init_writer(&encoder, append, &out);
  return encoder;
}

}  // namespace

Writer& Writer::integer(std::int64_t value) {
  auto encoder = encoderTo(out_);
  cbor_encode_int(&encoder, value);
  return *this;
}

Writer& Writer::unsignedInteger(std::uint64_t value) {
  auto encoder = encoderTo(out_);
  cbor_encode_uint(&encoder, value);
  return *this;
}

Writer& Writer::bytes(ByteView value) {
  auto encoder = encoderTo(out_);
  cbor_encode_byte_string(&encoder, value.data(), value.size());
  return *this;
}

Writer& Writer::text(std::string_view value) {
  auto encoder = encoderTo(out_);
  cbor_encode_text_string(&encoder, value.data(), value.size());
  return *this;
}

Writer& Writer::array(std::size_t elements) {
  auto encoder = encoderTo(out_);
  CborEncoder inside;
  cbor_encoder_create_array(&encoder, &inside, elements);
  return *this;
}

Writer& Writer::map(std::size_t pairs) {
  auto encoder = encoderTo(out_);
  CborEncoder inside;
  cbor_encoder_create_map(&encoder, &inside, pairs);
  return *this;
}

Writer& Writer::tag(std::uint64_t number) {
  auto encoder = encoderTo(out_);
  cbor_encode_tag(&encoder, number);
  return *this;
}

Writer& Writer::simple(std::uint8_t value) {
  auto encoder = encoderTo(out_);
  cbor_encode_simple_value(&encoder, value);
  return *this;
}

Writer& Writer::raw(ByteView encoded) {
  out_.insert(out_.end(), encoded.begin(), encoded.end());
  return *this;
}

Writer& MapWriter::key(std::int64_t key) {
  return begin(Writer().integer(key).take());
}
Writer& MapWriter::key(std::string_view key) {
  return begin(Writer().text(key).take());
}
Writer& MapWriter::simpleKey(std::uint8_t value) {
  return begin(Writer().simple(value).take());
}

Writer& MapWriter::begin(Bytes key) {
  entries_.push_back({std::move(key), {}});
  return entries_.back().value;
}

Bytes MapWriter::take() {
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
  Writer writer;
  writer.map(entries_.size());
  for (auto& entry : entries_) writer.raw(entry.key).raw(entry.value.take());
  return writer.take();
}

}  // namespace liangma::cbor
