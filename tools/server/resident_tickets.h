// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <istream>
#include <ostream>

#include "server/authority.h"

namespace liangma::server {

/// Takes in residents and gives a ticket for each, beside servers that may be running.
///
/// A line that cannot be taken is answered with its error; the others are not held up by it.
///
/// @param people  a line each, as {"identity": {"fullName": …, "idNumber": …}, "region": "330106"}; README.md
/// @param out     a line each, as soon as it is done: its "line", and a "ticket" or an "error" and "message"
/// @param days    how long a ticket can be used
/// @return how many lines were not taken
/// @throws Problem server.storage
std::uint64_t giveTickets(Authority& authority, const TrustContent& trust, std::istream& people,
                          std::ostream& out, std::uint64_t days);

}  // namespace liangma::server
