// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pack_members.h"

namespace liangma::packs {

/// What a pack says besides scenes and rules. All of it may be left out.
struct Contents {
  std::vector<DeclarationForm> forms;
  std::vector<Listing> listings;
  std::vector<Retention> retention;
};

/// Reads the members `forms`, `services`, `hospitals`, `helpLines`, `news` and `retention`.
Contents readContents(Members& pack, Faults& faults);

}  // namespace liangma::packs
