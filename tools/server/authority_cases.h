// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "liangma/credential.h"

namespace liangma::server {

class AuthorityColours;
class AuthorityStore;
class AuthorityTables;
enum class Occasion : std::uint8_t;
struct Resident;
struct StoredAppeal;

/// Who does something: `staff` or a role of theirs, and the opaque id of their account.
struct Actor {
  std::string role;  ///< keyword: "resident", "rules", "time", "checkpoint", "reviewer", "importer", "admin"
  std::string id;  ///< 22 characters of base64url (16 random bytes), which is the id of their own log; empty:
                   ///< no person
};

/// What the authority learnt of a person, and a colour rule may ask for. See core/SPEC.md 9.3.
struct Fact {
  /// "confirmed", "suspected", "contact" (a close one), "journey" (from an area at risk), "border" or
  /// "checkpoint"
  std::string kind;
  UnixSeconds at = 0;              ///< when it happened: not in the future
  std::string evidence;            ///< keyword: what shows it, such as "laboratory"
  bool idCompared = false;         ///< of a checkpoint
  bool temperatureNormal = false;  ///< of a checkpoint
};

/// A resident as the staff sees them: no full name, no ID number, no phone.
struct Case {
  std::string id;  ///< opaque: 22 characters of base64url, the id of the resident's log
  std::string maskedName;
  std::string idTail;
  std::string region;  ///< whose rules hold
  Colour colour = Colour::Pending;
  UnixSeconds since = 0;
  UnixSeconds until = 0;    ///< 0: it does not end by time
  std::string rule;         ///< that gave the colour; empty: none
  std::string reasonClass;  ///< of that rule
  std::string openAppeal;   ///< id; empty: none
};

/// One signed record of a log, read. See core/SPEC.md, "Colour record".
struct LogEntry {
  std::uint64_t sequence = 0;
  UnixSeconds at = 0;
  std::string
      event;  ///< "colour", "appeal", "appeal-granted", "appeal-refused", "erasure" or an action's keyword
  Actor actor;
  std::optional<Colour> colour;  ///< of "colour"
  std::string rule;
  std::string reasonClass;
  std::string evidence;
  UnixSeconds until = 0;  ///< of "colour"; of "appeal": when it has to be decided; 0: none
  std::string subject;    ///< of an action: the case or batch it was about; may be empty
};

struct Appeal {
  std::string id;  ///< 22 characters of base64url
  std::string caseId;
  UnixSeconds madeAt = 0;
  UnixSeconds deadline = 0;
  Colour colour = Colour::Pending;  ///< the one it contests
  std::string rule;
  std::string text;           ///< the resident's words, at most 2000 bytes
  std::string correctedJson;  ///< the declaration as they correct it; empty: none
  std::string outcome;        ///< "granted", "refused" or empty: open
};

/// One row of a list that the authority imports.
struct ImportRow {
  std::string idNumber;  ///< GB 11643; kept only as a keyed hash
  Fact fact;
};

struct ImportResult {
  std::string batch;           ///< id, 22 characters
  std::uint64_t kept = 0;      ///< rows that were new
  std::uint64_t matched = 0;   ///< of them those of residents known here
  std::uint64_t coloured = 0;  ///< residents whose colour changed
  std::uint64_t left = 0;      ///< people whose colour is still to be looked at
};

/// How many residents have which colour now, and how many changes of colour each day saw.
struct Counts {
  struct Colours {
    std::string name;                          ///< a region, a day ("2020-02-11", UTC) or an organisation
    std::uint64_t byColour[4] = {0, 0, 0, 0};  ///< pending, green, yellow, red
  };
  std::vector<Colours> byRegion;
  std::vector<Colours> changesByDay;    ///< the last 30 days
  std::vector<Colours> byOrganisation;  ///< of residents who consented; organisations of 5 people or more
  std::uint64_t openAppeals = 0;
  std::uint64_t overdueAppeals = 0;
};

/// A piece of news or a service link, shown to every resident.
struct News {
  std::string id;                             ///< 22 characters
  std::string kind;                           ///< "news" or "link"
  std::map<std::string, std::string> titles;  ///< by language, 1..120 bytes
  std::map<std::string, std::string> texts;   ///< by language, 0..2000 bytes
  std::string url;                            ///< https; empty: none
  UnixSeconds publishedAt = 0;
};

/// What the staff may do. Each call is one transaction inside one resident, and is in the log: in the
/// resident's where it changes them, in the staff member's own in any case.
///
/// Every function throws Problem server.storage, and Problem 404 case.unknown where there is no such case.
class AuthorityCases {
 public:
  AuthorityCases(AuthorityStore& store, const AuthorityColours& colours) : store_(store), colours_(colours) {}

  /// The case of a credential that was shown; ask verify() first whether it is one.
  std::optional<std::string> findByStatusIndex(std::uint64_t statusIndex);
  Case find(const std::string& caseId, UnixSeconds now);
  /// A log, the newest record first; a staff member's under their own id.
  ///
  /// @param before  the sequence number from which on records are left out
  std::vector<LogEntry> log(const std::string& chain, std::uint64_t before, std::size_t atMost = 200);

  /// Notes what a checkpoint found, and colours anew.
  Case activate(const std::string& caseId, const Fact& checkpoint, const Actor& actor, UnixSeconds now);

  /// Adds a fact and colours anew, provided that the rule named then gives just that colour.
  ///
  /// @throws Problem 409 colour.no-rule  it does not: nothing is changed, and the attempt is in the actor's
  /// log
  Case changeColour(const std::string& caseId, Colour colour, const std::string& rule, const Fact& fact,
                    const Actor& actor, UnixSeconds now);

  /// Those not decided yet, the next deadline first.
  std::vector<Appeal> openAppeals(std::size_t atMost = 200);
  /// @throws Problem 404 appeal.unknown
  Appeal appeal(const std::string& appealId);
  /// Granted: the facts that gave the colour no longer count, the corrected declaration takes the place of
  /// the last one, and the rules colour anew.
  ///
  /// @param reasonClass  keyword
  /// @throws Problem 404 appeal.unknown, 409 appeal.decided
  Case decideAppeal(const std::string& appealId, bool granted, const std::string& reasonClass,
                    const Actor& actor, UnixSeconds now);

  /// Turns colours whose time has passed, and notes in their logs which appeals should have been decided by
  /// now. Residents who ask meanwhile have it done for them: this is for those who do not.
  void passTime(UnixSeconds now);

  /// Keeps rows and colours those anew whom they concern. The same batch id again goes on where it was cut
  /// off. However many requests a list takes, it is in the actor's log once.
  ///
  /// @param batch  22 characters of base64url, drawn by the caller
  ImportResult import(const std::string& batch, const std::vector<ImportRow>& rows, const Actor& actor,
                      UnixSeconds now);
  /// Takes the rows of a batch back and colours anew 100 of those whom they concern; to be called until
  /// nobody is left.
  ///
  /// @throws Problem 404 import.unknown
  ImportResult undoImport(const std::string& batch, const Actor& actor, UnixSeconds now);

  Counts counts(UnixSeconds now);

  /// Which regions the rules take for areas at risk; those who come from one are coloured anew when they next
  /// declare or renew.
  ///
  /// @param regions  GB/T 2260
  void setAreasAtRisk(const std::vector<std::string>& regions, const Actor& actor, UnixSeconds now);
  std::vector<std::string> areasAtRisk();

  void publishNews(const News& news, const Actor& actor, UnixSeconds now);
  /// @throws Problem 404 news.unknown
  void withdrawNews(const std::string& newsId, const Actor& actor, UnixSeconds now);
  /// The newest first.
  std::vector<News> news(std::size_t atMost = 50);

  /// Puts anything else that staff do into their log, such as "signed-in".
  ///
  /// @param action   keyword
  /// @param subject  an opaque id that it was about; may be empty
  void note(const std::string& action, const std::string& subject, const Actor& actor, UnixSeconds now);

 private:
  template <class Work>
  auto onCase(const std::string& caseId, Work work);
  void noteIn(AuthorityTables& tables, const std::string& action, const std::string& subject,
              const Actor& actor, UnixSeconds now);
  void grant(AuthorityTables& tables, Resident& resident, const StoredAppeal& stored, const Actor& actor,
             UnixSeconds now);
  void turn(const std::string& id, UnixSeconds now);
  void noteOverdue(AuthorityTables& tables, const Appeal& appeal, UnixSeconds now);
  void colourBatch(const std::string& batch, Occasion occasion, const Actor& actor, ImportResult& result,
                   UnixSeconds now);

  AuthorityStore& store_;
  const AuthorityColours& colours_;
};

/// 1..32 of a-z 0-9 - :
bool isKeywordText(std::string_view text);

}  // namespace liangma::server
