// SPDX-License-Identifier: Apache-2.0
#include "liangma/base45.h"
#include "vectorgen/forge.h"
#include "vectorgen/vectors.h"
#include "vectorgen/world.h"

namespace liangma::vectors {
namespace {

constexpr std::string_view kContext = "device-key";

std::string secretOf(std::uint8_t fill) {
  return forge::hex(Bytes(32, fill));
}

Bytes altered(Bytes bytes) {
  bytes.back() ^= 1;
  return bytes;
}

Json vaultInput(const Bytes& box, const Json& changes) {
  Json fields = {{"sealed", forge::hex(box)}, {"context", kContext}};
  return withChanges(fields, changes);
}

}  // namespace

File sealedVectors() {
  const auto sealed = world::sealedAnswer();
  const auto box = decodeBase45(std::string_view(sealed).substr(kSealedPrefix.size())).value();
  const auto input = [](std::string_view text, std::uint8_t fill) {
    return Json{{"text", text}, {"secret", secretOf(fill)}};
  };
  const auto asText = [](ByteView bytes) { return std::string(kSealedPrefix) + encodeBase45(bytes); };
  const Json records = {
      record("usual", input(sealed, world::kSealing), {{"ok", true}, {"text", world::answer()}}),
      refusal("sealed-to-somebody-else", input(sealed, world::kRogue), "answer.unreadable"),
      refusal("altered", input(asText(altered(box)), world::kSealing), "answer.unreadable"),
      refusal("cut-short", input(asText(ByteView(box).first(47)), world::kSealing), "answer.unreadable"),
      refusal("not-sealed", input(world::answer(), world::kSealing), "format.wrong-kind"),
  };
  return {
      "sealed-answer",
      {{"about", "answers sealed to a verifier (SPEC.md 7)"},
       {"operation", "unsealAnswer"},
       {"input", {{"text", "LMS1: …"}, {"secret", "the verifier's X25519 secret, hex"}}},
       {"expected",
        {{"ok", "true"}, {"text", "LM1: …, not yet verified"}, {"error", "the id, in place of all that"}}},
       {"records", records}}};
}

File vaultVectors() {
  const Bytes secret(32, world::kDevice), hostKey(32, 0x31);
  const auto random = world::counting(40);
  Entropy forHost(random), forPin(random);
  const auto host = sealWithHostKey(secret, hostKey, kContext, forHost).value();
  const auto pin = sealWithPin(secret, "2580", kContext, {1, 8}, forPin).value();
  const auto keyed = [&](const Bytes& box, std::uint8_t fill) {
    return vaultInput(box, {{"hostKey", forge::hex(Bytes(32, fill))}});
  };
  const auto pinned = [&](const Bytes& box, std::string_view digits) {
    return vaultInput(box, {{"pin", digits}});
  };
  const auto recipe = forge::array({forge::bytes(Bytes(16)), forge::integer(1), forge::integer(7)});
  const auto cheap =
      forge::array({forge::integer(1), recipe, forge::bytes(Bytes(24)), forge::bytes(Bytes(48))});
  auto elsewhere = keyed(host, 0x31);
  elsewhere["context"] = "credential";
  const Json opened = {{"ok", true}, {"bytes", forge::hex(secret)}};
  const Json records = {
      record("host-key", keyed(host, 0x31), opened),
      record("pin", pinned(pin, "2580"), opened),
      refusal("other-host-key", keyed(host, 0x32), "vault.unreadable"),
      refusal("other-pin", pinned(pin, "2581"), "vault.unreadable"),
      refusal("other-context", elsewhere, "vault.unreadable"),
      refusal("altered", keyed(altered(host), 0x31), "vault.unreadable"),
      refusal("pin-for-a-host-key", pinned(host, "2580"), "vault.shape"),
      refusal("host-key-for-a-pin", keyed(pin, 0x31), "vault.shape"),
      refusal("recipe-too-cheap", pinned(cheap, "2580"), "vault.shape"),
      refusal("no-box", keyed(forge::fromHex("80"), 0x31), "vault.shape"),
      refusal("pin-empty", pinned(pin, ""), "misuse.argument"),
  };
  return {"vault",
          {{"about", "boxes at rest (SPEC.md 11)"},
           {"operation", "openWithHostKey where hostKey is given, else openWithPin"},
           {"input",
            {{"sealed", "hex"},
             {"context", "text"},
             {"hostKey", "32 bytes, hex"},
             {"pin", "in place of hostKey: text"}}},
           {"expected", {{"ok", "true"}, {"bytes", "hex"}, {"error", "the id, in place of all that"}}},
           {"records", records}}};
}

}  // namespace liangma::vectors
