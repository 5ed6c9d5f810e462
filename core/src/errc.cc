// SPDX-License-Identifier: Apache-2.0
#include "liangma/errc.h"

namespace liangma {
namespace {

constexpr Errc kAll[] = {
#define LIANGMA_X(number, name, id) Errc::name,
    LIANGMA_ERRC(LIANGMA_X)
#undef LIANGMA_X
};

}  // namespace

std::string_view errcId(Errc code) {
  switch (code) {
#define LIANGMA_X(number, name, id) \
  case Errc::name:                  \
    return id;
    LIANGMA_ERRC(LIANGMA_X)
#undef LIANGMA_X
  }
  return "internal.error";
}

std::optional<Errc> errcFromId(std::string_view id) {
  for (Errc code : kAll)
    if (errcId(code) == id) return code;
  return std::nullopt;
}

std::span<const Errc> allErrcs() {
  return kAll;
}

}  // namespace liangma
