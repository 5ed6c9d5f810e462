// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/arguments.h"

namespace liangma::tools {

// Each declares one command of `liangma`; main() runs the one that the command line chose.
void addKeygen(const Command& app, Chosen& chosen);
void addIssue(const Command& app, Chosen& chosen);
void addShow(const Command& app, Chosen& chosen);
void addVerify(const Command& app, Chosen& chosen);
void addInspect(const Command& app, Chosen& chosen);
void addRequest(const Command& app, Chosen& chosen);
void addAnswer(const Command& app, Chosen& chosen);
void addOpen(const Command& app, Chosen& chosen);
void addPaper(const Command& app, Chosen& chosen);
void addTrust(const Command& app, Chosen& chosen);
void addRules(const Command& app, Chosen& chosen);
void addStatus(const Command& app, Chosen& chosen);

}  // namespace liangma::tools
