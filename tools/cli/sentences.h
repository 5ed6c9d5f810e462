// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "liangma/errc.h"

namespace liangma::tools {

/// The English catalog, i18n/en.json, as it was when the tool was built.
extern const std::string_view kCatalogEn;

/// The sentence of the catalog for an id: what is the case, without what to do about it; the id itself where
/// the catalog has none.
std::string sentence(std::string_view id);

inline std::string reasonSentence(Errc code) {
  return sentence(errcId(code));
}

}  // namespace liangma::tools
