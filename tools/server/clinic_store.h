// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

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
  std::string text;  ///< as its QR shows it
  std::string desk;  ///< the session that asked for it
  bool used = false;
  std::string refusal;  ///< why the last answer to it was refused; empty: none was
  std::string answer;   ///< digest of the answer that was taken; empty: none was
  std::string visit;    ///< the id of the visit that it led to; empty: none
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
  std::string day;     ///< "2026-02-20"
  int number = 0;      ///< 1 and up
  std::string label;   ///< the number as it is called, such as "B012"
  std::string ticket;  ///< what its holder asks with; empty: made before there were any
  std::string route;
  UnixSeconds createdAt = 0;
  UnixSeconds calledAt = 0;  ///< 0: waits
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
  /// Those of a desk that can still be answered, the oldest first.
  std::vector<ClinicRequest> openRequests(const std::string& desk, const std::string& department,
                                          UnixSeconds now);
  /// The one of a desk that was answered last.
  std::optional<ClinicRequest> lastAnswered(const std::string& desk, const std::string& department);
  /// Notes by what a request was answered, where that led to, and whether it is used up.
  void noteAnswer(const ClinicRequest& request, UnixSeconds now);
  void noteRefusal(const std::string& id, const std::string& reason);

  /// Finds a patient by ID number, or makes one under the id `fresh`; the phone becomes that just stated.
  ///
  /// @return the patient's id; absent: another name is on file with that number
  std::optional<std::string> keepPatient(const Patient& patient, const std::string& fresh, UnixSeconds now);

  /// One more than the last one given.
  int nextNumber(const std::string& department, const std::string& day);
  void addVisit(const Visit& visit);
  std::optional<VisitDetails> findVisit(const std::string& id);
  /// The one that a patient waits for.
  std::optional<VisitDetails> findWaiting(const std::string& patient, const std::string& department,
                                          const std::string& day);
  /// Those of a department's queue and those that its desks sent elsewhere; the newest first, at most 100.
  std::vector<VisitDetails> visits(const std::string& department, const std::string& day);

  /// How many of the same queue wait before it.
  int countAhead(const Visit& visit);
  int countWaiting(const std::string& department, const std::string& day);
  /// Calls the lowest number that waits.
  ///
  /// @param call  names this call: asking again with the same one calls nobody else
  /// @return      who is called; absent: nobody waits
  std::optional<VisitDetails> callNext(const std::string& department, const std::string& day,
                                       const std::string& call, UnixSeconds now);
  std::optional<VisitDetails> lastCalled(const std::string& department, const std::string& day);

  /// Codes and sessions are kept as digests; those that have expired go.
  void addLoginCode(const std::string& digest, UnixSeconds now, UnixSeconds expiresAt);
  /// @return false where there is none, it has expired, or it was taken before
  bool takeLoginCode(const std::string& digest, UnixSeconds now);
  void addSession(const std::string& digest, UnixSeconds now, UnixSeconds expiresAt);
  bool hasSession(const std::string& digest, UnixSeconds now);
  void removeSession(const std::string& digest);

 private:
  template <class... Values>
  std::vector<ClinicRequest> requestsWhere(const char* condition, const Values&... values);
  template <class... Values>
  std::vector<VisitDetails> visitsWhere(const char* condition, const Values&... values);

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
