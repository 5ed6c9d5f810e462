// SPDX-License-Identifier: Apache-2.0
#include "server/database.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>
#include <stdlib.h>

namespace liangma::server {
namespace {

constexpr const char* kTable[] = {"CREATE TABLE entry (who TEXT NOT NULL) STRICT"};
const Migration kMigrations[] = {kTable};

/// A folder that is gone when the test is over.
class DatabaseTest : public testing::Test {
 protected:
  DatabaseTest() { EXPECT_NE(::mkdtemp(folder_.data()), nullptr); }
  ~DatabaseTest() override { std::filesystem::remove_all(folder_); }
  std::string address() const { return "sqlite:" + folder_ + "/test.sqlite"; }

  /// How many of another's transactions pass at most while each of `mine` waits for its turn.
  static int mostWhileWaiting(Database& busy, Database& mine) {
    std::atomic<bool> isOver = false;
    std::atomic<int> passed = 0;
    std::thread writer([&] {
      for (; !isOver; ++passed)
        busy.transaction([](soci::session& sql) {
          sql << "INSERT INTO entry VALUES ('busy')";
          std::this_thread::sleep_for(std::chrono::milliseconds(20));
        });
    });
    while (passed < 2) std::this_thread::yield();
    int most = 0;
    for (int i = 0; i < 5; ++i) {
      const int before = passed;
      mine.transaction([](soci::session& sql) { sql << "INSERT INTO entry VALUES ('mine')"; });
      most = std::max(most, passed - before);
    }
    isOver = true;
    writer.join();
    return most;
  }

 private:
  std::string folder_ = std::filesystem::temp_directory_path() / "liangma-database-XXXXXX";
};

TEST_F(DatabaseTest, LetsThreadsWriteByTurns) {
  Database database(address(), kMigrations);
  EXPECT_LE(mostWhileWaiting(database, database), 2);
}

TEST_F(DatabaseTest, LetsProcessesWriteByTurns) {
  Database one(address(), kMigrations), other(address(), kMigrations);
  EXPECT_LE(mostWhileWaiting(one, other), 2);
}

}  // namespace
}  // namespace liangma::server
