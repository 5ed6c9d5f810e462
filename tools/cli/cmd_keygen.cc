// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/system_entropy.h"
#include "cli/text_codec.h"

namespace liangma::tools {
namespace {

struct KeygenOptions {
  CommonOptions common;
  std::string out;
  std::string type = "ed25519";
  bool force = false;
  bool seal = false;
};

constexpr const char* kFooter = R"(The file is a JSON Web Key (RFC 8037) with mode 0600:
  {"kty":"OKP","crv":"Ed25519","x":"<public half>","d":"<private half>"}
With --seal, "sealed" stands in the place of "d": Argon2id and XChaCha20-Poly1305 under the passphrase in the
environment's LIANGMA_PASSPHRASE, or in the first line of the descriptor that LIANGMA_PASSPHRASE_FD names. Whatever reads
the key later needs the same.
An ed25519 key signs (issuer, device, verifier, root of a trust list); an x25519 key opens sealed answers.
Printed is the public half in base64url, as --device and content.json take it.)";

struct MadeKey {
  std::string fileText;
  std::string publicKey;
};

MadeKey makeKey(const std::string& type, bool seal) {
  SystemEntropy entropy(32);
  if (type == "x25519") {
    const auto key = need(SealingKey::generate(entropy.get()));
    return {keyFileText(key, seal), encodeBase64url(key.public32())};
  }
  const auto key = need(SigningKey::generate(entropy.get()));
  return {keyFileText(key, seal), encodeBase64url(key.publicKey().raw32())};
}

ExitCode keygen(const KeygenOptions& options) {
  MadeKey key = makeKey(options.type, options.seal);
  writeSecretFile(options.out, key.fileText, options.force);
  wipe(key.fileText);
  printLine(options.common.json
                ? jsonLine({{"file", options.out}, {"type", options.type}, {"publicKey", key.publicKey}})
                : key.publicKey);
  return ExitCode::Ok;
}

}  // namespace

void addKeygen(const Command& app, Chosen& chosen) {
  const auto command = app.add("keygen", "Make a key pair");
  const auto options = command.runs(chosen, keygen);
  command.file("--out", options->out, "Where to write the key; a file that exists is kept");
  command.choice("--type", options->type, {"ed25519", "x25519"}, "To sign, or to open sealed answers");
  command.flag("--force", options->force, "Replace the file that exists; the key in it is lost");
  command.flag("--seal", options->seal, "Seal the private half under a passphrase; see below");
  command.footer(kFooter);
}

}  // namespace liangma::tools
