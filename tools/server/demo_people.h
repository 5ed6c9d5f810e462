// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "server/authority.h"

namespace liangma::server {

/// Residents for trying things out: of every colour, a child, an old parent, names of two characters and long
/// ones.
///
/// All are made up. Their ID numbers have real division codes and right check digits, their phone numbers a
/// beginning (100) that no subscriber has.
std::vector<DemoPerson> demoPeople();

}  // namespace liangma::server
