// SPDX-License-Identifier: Apache-2.0
#include "server/issuer_keys.h"

#include <algorithm>

#include "cli/failure.h"
#include "server/log.h"
#include "server/problem.h"

namespace liangma::server {

IssuerKeys::IssuerKeys(std::filesystem::path data, const TrustSource& trust)
    : data_(std::move(data)), trust_(trust), keys_(read()), changed_(settingsChanged(data_)) {}

std::shared_ptr<const IssuerKeys::Keys> IssuerKeys::read() const {
  auto keys = std::make_shared<Keys>();
  const Settings settings = readSettings(data_);
  if (!settings.authority) return keys;
  for (const auto& [issuer, files] : signingKeyFiles(*settings.authority))
    for (const auto& file : files) (*keys)[issuer].push_back(readSigningKey(data_ / file));
  return keys;
}

std::shared_ptr<const IssuerKeys::Keys> IssuerKeys::current() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

std::vector<std::string> IssuerKeys::issuers() const {
  std::vector<std::string> ids;
  for (const auto& [issuer, keys] : *current()) ids.push_back(issuer);
  return ids;
}

std::shared_ptr<const SigningKey> IssuerKeys::at(const std::string& issuer, UnixSeconds now) const {
  const auto keys = current();
  const auto own = keys->find(issuer);
  const auto trust = trust_.current();
  const auto* trusted = trust->list->findIssuer(issuer);
  const SigningKey* latest = nullptr;
  UnixSeconds since = -1;
  if (own == keys->end() || trusted == nullptr) throw Problem{503, "issuer.key-not-in-force"};
  for (const auto& dated : trusted->keys) {
    const auto found = std::find_if(own->second.begin(), own->second.end(),
                                    [&](const SigningKey& key) { return key.publicKey() == dated.key; });
    if (found == own->second.end() || now < dated.notBefore || now >= dated.notAfter) continue;
    if (dated.notBefore <= since) continue;
    latest = &*found;
    since = dated.notBefore;
  }
  if (latest == nullptr) throw Problem{503, "issuer.key-not-in-force"};
  return {keys, latest};
}

void IssuerKeys::refresh() {
  const auto changed = settingsChanged(data_);
  if (changed == changed_) return;
  changed_ = changed;
  try {
    auto fresh = read();
    const std::lock_guard lock(mutex_);
    keys_ = std::move(fresh);
    log("issuer-keys");
  } catch (const tools::Failure& failure) {
    log("issuer-keys-refused", {{"code", failure.id}});
  }
}

}  // namespace liangma::server
