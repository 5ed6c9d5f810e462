// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "liangma/result.h"

namespace liangma::server {

/// Why a request gets no result; thrown by handlers, turned into `application/problem+json` in one place.
///
/// Holds nothing of what the client sent.
/// @source RFC 9457
struct Problem {
  int status = 500;          ///< HTTP status, 400..599
  std::string code;          ///< a string id: an Errc's, or one of the server's own such as "http.malformed"
  std::string allow = {};    ///< with 405: the methods there are
  std::string pointer = {};  ///< to what is wrong in a JSON body (RFC 6901), by our names and by numbers
};

Problem notFound();  ///< 404 http.not-found
/// @param allow  the methods there are, such as "GET, HEAD"
Problem methodNotAllowed(std::string allow);  ///< 405 http.method-not-allowed
Problem malformed();                          ///< 400 http.malformed
Problem tooLarge();                           ///< 413 http.too-large
Problem unauthorized();                       ///< 401 http.unauthorized
Problem rateLimited();                        ///< 429 http.rate-limited
Problem storageFailed();                      ///< 503 server.storage: nothing was changed
Problem internalError();                      ///< 500 internal.error

/// The problem that goes with an error of the core: 1xx and 3xx 400, 2xx and 4xx 403, the rest 500.
///
/// Stale trust data is the server's own trouble: 503.
Problem problemFor(Errc code);

/// The value of a result.
///
/// @throws Problem  its error
template <class T>
T need(Result<T> result) {
  if (!result.ok()) throw problemFor(result.code());
  return std::move(result).value();
}

/// `{"type", "title", "status", "code", "errors"?: [{"pointer"}]}`
std::string problemText(const Problem& problem);

}  // namespace liangma::server
