// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/arguments.h"

namespace liangma::tools {

// Each declares one command of `liangma`; main() runs the one that the command line chose.
void addKeygen(CLI::App& app, Chosen& chosen);
void addIssue(CLI::App& app, Chosen& chosen);
void addShow(CLI::App& app, Chosen& chosen);
void addVerify(CLI::App& app, Chosen& chosen);
void addInspect(CLI::App& app, Chosen& chosen);
void addRequest(CLI::App& app, Chosen& chosen);
void addAnswer(CLI::App& app, Chosen& chosen);
void addOpen(CLI::App& app, Chosen& chosen);
void addPaper(CLI::App& app, Chosen& chosen);
void addTrust(CLI::App& app, Chosen& chosen);

}  // namespace liangma::tools
