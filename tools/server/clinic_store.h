// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "liangma/bytes.h"
#include "server/database.h"

namespace liangma::server {

/// A request that a desk has shown.
struct ClinicRequest {
  std::string id;
  std::string nonce;  ///< base64url
  std::string department;
  UnixSeconds issuedAt = 0;
  UnixSeconds expiresAt = 0;
  bool used = false;
  std::string refusal;  ///< why the last answer to it was refused; empty: none was
};

struct Patient {
  std::string idNumber;
  std::string fullName;
  std::string phone;
};

/// One place in one department's queue of one day.
struct Visit {
  std::string id;
  std::string request;
  std::string patient;  ///< the patient's id
  std::string department;
  std::string day;  ///< "2026-02-20"
  int number = 0;   ///< 1 and up
  std::string route;
};

struct VisitDetails {
  Visit visit;
  Patient patient;
};

/// A hospital's tables inside one transaction.
class ClinicTables {
 public:
  explicit ClinicTables(soci::session& sql) : sql_(sql) {}

  /// Requests that expired more than a day ago without a visit go.
  void addRequest(const ClinicRequest& request);
  std::optional<ClinicRequest> findRequest(const std::string& id);
  std::optional<ClinicRequest> findRequestByNonce(const std::string& nonce);
  /// @return false where it was used before
  bool useRequest(const std::string& id);
  void noteRefusal(const std::string& id, const std::string& reason);

  /// Finds a patient by ID number, or makes one under the id `fresh`; name and phone become those just
  /// stated.
  ///
  /// @return the patient's id
  std::string keepPatient(const Patient& patient, const std::string& fresh, UnixSeconds now);

  /// One more than the last one given.
  int nextNumber(const std::string& department, const std::string& day);
  void addVisit(const Visit& visit, UnixSeconds now);
  /// How many of the same queue wait before it.
  int countAhead(const Visit& visit);
  std::optional<VisitDetails> findVisit(const std::string& request);

 private:
  std::optional<ClinicRequest> findRequestWhere(const char* column, const std::string& value);

  soci::session& sql_;
};

class ClinicStore {
 public:
  explicit ClinicStore(const std::filesystem::path& file);

  /// Runs `work(ClinicTables&)`: all of it or nothing.
  template <class Work>
  auto transaction(Work work) {
    return database_.transaction([&](soci::session& sql) {
      ClinicTables tables(sql);
      return work(tables);
    });
  }

 private:
  Database database_;
};

}  // namespace liangma::server
