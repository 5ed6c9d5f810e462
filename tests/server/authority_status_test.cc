// SPDX-License-Identifier: Apache-2.0
// Which codes a change of colour, of the device, or a word of the authority withdraws.
#include <algorithm>

#include <gtest/gtest.h>
#include <unistd.h>

#include "server/authority_store.h"

namespace liangma::server {
namespace {

constexpr UnixSeconds kNow = 1582243200, kDay = 86400;

class CodeStatuses : public testing::Test {
 protected:
  CodeStatuses() : store("sqlite:" + (folder() / "authority.sqlite").string(), "330100", Bytes(32, 1)) {
    store.transaction([&](AuthorityTables& tables) {
      Resident person;
      for (const auto claim : {IdentityClaim::FullName, IdentityClaim::IdType, IdentityClaim::IdNumber})
        person.identity[claim] = "x";
      person.id = resident;
      person.idHash = "hash";
      tables.addResident(person);
    });
  }
  ~CodeStatuses() override { std::filesystem::remove_all(folder()); }

  static std::filesystem::path folder() {
    const auto path =
        std::filesystem::temp_directory_path() / ("liangma-status-" + std::to_string(::getpid()));
    std::filesystem::create_directories(path);
    return path;
  }

  void issue(std::uint64_t index, Colour colour, const std::string& device = "phone", UnixSeconds at = kNow) {
    store.transaction([&](AuthorityTables& tables) {
      tables.addIssuance({index, resident, device, "subject", at, at + kDay, colour, 0});
    });
  }

  template <class Change>
  void change(Change change) {
    store.transaction([&](AuthorityTables& tables) { change(tables); });
  }

  /// "7:3 9:1": indexes and statuses of what is withdrawn.
  std::string withdrawn(UnixSeconds now = kNow) {
    auto list = store.transaction([&](AuthorityTables& tables) { return tables.withdrawals(now); });
    std::sort(list.begin(), list.end(), [](auto& a, auto& b) { return a.statusIndex < b.statusIndex; });
    std::string text;
    for (const auto& [index, status] : list)
      text +=
          (text.empty() ? "" : " ") + std::to_string(index) + ":" + std::to_string(static_cast<int>(status));
    return text;
  }

  const std::string resident = "AAAAAAAAAAAAAAAAAAAAAA";
  AuthorityStore store;
};

TEST_F(CodeStatuses, RenewingInTheSameColourWithdrawsNothing) {
  issue(7, Colour::Green);
  issue(9, Colour::Green);
  change([&](AuthorityTables& tables) { tables.supersedeOtherColours(resident, Colour::Green, kNow + 1); });
  EXPECT_EQ(withdrawn(), "");
}

TEST_F(CodeStatuses, AChangeOfColourSupersedesTheCodesOfTheOldOne) {
  issue(7, Colour::Green);
  issue(9, Colour::Red);
  change([&](AuthorityTables& tables) { tables.supersedeOtherColours(resident, Colour::Red, kNow + 1); });
  EXPECT_EQ(withdrawn(), "7:3");
}

TEST_F(CodeStatuses, AChangeOfColourLeavesOtherPeopleAlone) {
  issue(7, Colour::Green);
  change([&](AuthorityTables& tables) {
    tables.supersedeOtherColours("BAAAAAAAAAAAAAAAAAAAAA", Colour::Red, kNow);
  });
  EXPECT_EQ(withdrawn(), "");
}

TEST_F(CodeStatuses, AnotherDeviceSupersedesTheCodesOfTheOneItReplaces) {
  issue(7, Colour::Green, "old phone");
  issue(9, Colour::Green, "new phone");
  change([&](AuthorityTables& tables) { tables.supersedeOtherDevices(resident, "new phone", kNow + 1); });
  EXPECT_EQ(withdrawn(), "7:3");
}

TEST_F(CodeStatuses, WhatIsInvalidOrSuspendedStaysSo) {
  issue(7, Colour::Green);
  issue(8, Colour::Green);
  change([&](AuthorityTables& tables) {
    EXPECT_TRUE(tables.setStatus(7, CredentialStatus::Invalid, kNow));
    EXPECT_TRUE(tables.setStatus(8, CredentialStatus::Suspended, kNow));
    tables.supersedeOtherColours(resident, Colour::Red, kNow + 1);
    tables.supersedeOtherDevices(resident, "another", kNow + 1);
  });
  EXPECT_EQ(withdrawn(), "7:1 8:2");
}

TEST_F(CodeStatuses, AStatusCanBeTakenBack) {
  issue(7, Colour::Green);
  change([&](AuthorityTables& tables) { tables.setStatus(7, CredentialStatus::Suspended, kNow); });
  EXPECT_EQ(withdrawn(), "7:2");
  change([&](AuthorityTables& tables) {
    tables.setStatus(7, CredentialStatus::Valid, kNow + 5);
    EXPECT_EQ(tables.lastStatusChange(), kNow + 5);
  });
  EXPECT_EQ(withdrawn(), "");
}

TEST_F(CodeStatuses, AnIndexThatNoCodeHasIsRefused) {
  change([&](AuthorityTables& tables) {
    EXPECT_FALSE(tables.setStatus(7, CredentialStatus::Invalid, kNow));
    EXPECT_EQ(tables.lastStatusChange(), 0);
    EXPECT_EQ(tables.statusLists(), 0u);
  });
}

TEST_F(CodeStatuses, WhatHasExpiredLeavesTheList) {
  issue(7, Colour::Green);
  change([&](AuthorityTables& tables) { tables.setStatus(7, CredentialStatus::Invalid, kNow); });
  EXPECT_EQ(withdrawn(kNow + kDay - 1), "7:1");
  EXPECT_EQ(withdrawn(kNow + kDay), "");
}

TEST_F(CodeStatuses, ThereAreAsManyListsAsTheHighestIndexNeeds) {
  issue(7, Colour::Green);
  issue((3u << 20) + 1, Colour::Green);
  change([&](AuthorityTables& tables) { EXPECT_EQ(tables.statusLists(), 4u); });
}

}  // namespace
}  // namespace liangma::server
