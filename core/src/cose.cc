// SPDX-License-Identifier: Apache-2.0
#include "cose.h"

#include "cbor/writer.h"
#include "crypto/crypto.h"

namespace liangma::cose {

using cbor::Item;
using cbor::Type;

Result<Sign1> parseSign1(Item item) {
  if (!item.is(Type::Tag) || item.argument() != kTagSign1) return Errc::CoseShape;
  item = item.first();
  if (!item.isArray(4)) return Errc::CoseShape;
  const auto protectedHeader = item.at(0).bytes();
  const auto payload = item.at(2).bytes();
  const auto signature = item.at(3).bytes();
  if (!protectedHeader || !item.at(1).is(Type::Map) || !payload || !signature) return Errc::CoseShape;
  return Sign1{*protectedHeader, item.at(1), *payload, *signature};
}

Status checkAlgorithm(Item header) {
  if (header.find(kHeaderCrit)) return Errc::CoseHeader;
  const auto algorithm = header.find(kHeaderAlg);
  if (!algorithm) return Errc::CoseAlgorithm;
  if (algorithm->integer() != kAlgEd25519 && algorithm->integer() != kAlgEdDsa) return Errc::CoseAlgorithm;
  return success();
}

Bytes toBeSigned(ByteView protectedHeader, ByteView payload) {
  return cbor::Writer().array(4).text("Signature1").bytes(protectedHeader).bytes({}).bytes(payload).take();
}

Bytes assembleSign1(ByteView protectedHeader, ByteView unprotected, ByteView payload, ByteView signature) {
  return cbor::Writer()
      .tag(kTagSign1)
      .array(4)
      .bytes(protectedHeader)
      .raw(unprotected)
      .bytes(payload)
      .bytes(signature)
      .take();
}

Bytes sign1(ByteView protectedHeader, ByteView unprotected, ByteView payload, const SigningKey& key) {
  const auto signature64 = key.sign(toBeSigned(protectedHeader, payload));
  return assembleSign1(protectedHeader, unprotected, payload, signature64);
}

bool verifySign1(ByteView protectedHeader, ByteView payload, ByteView signature, const PublicKey& key) {
  return crypto::verify(signature, toBeSigned(protectedHeader, payload), key.raw32());
}

Result<Sign> parseSign(Item item) {
  if (!item.is(Type::Tag) || item.argument() != kTagSign) return Errc::CoseShape;
  item = item.first();
  if (!item.isArray(4)) return Errc::CoseShape;
  const auto bodyHeader = item.at(0).bytes();
  const auto payload = item.at(2).bytes();
  const Item signatures = item.at(3);
  if (!bodyHeader || !item.at(1).is(Type::Map) || !payload || !signatures.is(Type::Array))
    return Errc::CoseShape;
  if (item.at(1).count() != 0) return Errc::CoseHeader;
  Sign sign{*bodyHeader, *payload, {}};
  for (std::size_t i = 0; i < signatures.count(); ++i) {
    const Item signer = signatures.at(i);
    if (!signer.isArray(3) || !signer.at(1).is(Type::Map)) return Errc::CoseShape;
    const auto header = signer.at(0).bytes();
    const auto signature = signer.at(2).bytes();
    if (!header || !signature || signature->size() != 64) return Errc::CoseShape;
    if (signer.at(1).count() != 0) return Errc::CoseHeader;
    sign.signers.push_back({*header, *signature});
  }
  return sign;
}

Bytes toBeSignedBy(ByteView bodyProtected, ByteView signerProtected, ByteView payload) {
  return cbor::Writer()
      .array(5)
      .text("Signature")
      .bytes(bodyProtected)
      .bytes(signerProtected)
      .bytes({})
      .bytes(payload)
      .take();
}

Result<PublicKey> parseCoseKey(Item item) {
  if (!item.is(Type::Map) || item.count() != 3) return Errc::CoseKey;
  const auto type = item.find(1);
  const auto curve = item.find(-1);
  const auto x = item.find(-2);
  if (!type || type->integer() != 1 || !curve || curve->integer() != 6 || !x || !x->bytes())
    return Errc::CoseKey;
  auto key = PublicKey::fromRaw(*x->bytes());
  if (!key) return Errc::CoseKey;
  return key;
}

}  // namespace liangma::cose
