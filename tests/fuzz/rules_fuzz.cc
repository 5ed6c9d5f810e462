// SPDX-License-Identifier: Apache-2.0
// The input is a region pack, or a rule over one code. Whatever is taken gives an answer, and in bounded
// time.
#include "fuzz.h"
#include "liangma/region_pack.h"
#include "rules/certlogic.h"

using namespace liangma;

namespace {

void askPack(const RegionPack& pack) {
  RegionPacks packs;
  packs.keep(pack);
  for (const auto* scene : packs.scenesAt(pack.region())) {
    const AdmissionFacts facts{scene->scene.id, pack.region(),   Colour::Yellow, "330100",
                               "330100",        Assurance::Time, nullptr,        world::kNow};
    const auto said = packs.admit(facts);
    fuzz::require(said.ok() || said.code() == Errc::RuleType || said.code() == Errc::RuleBudget,
                  "a rule answers, or fails for its type or its budget");
    fuzz::require(!said.ok() || said->rule.empty() || packs.findRule(pack.region(), said->rule) != nullptr,
                  "the rule that decided is one of the pack's");
  }
  (void)packs.colour(pack.region(), R"({"symptoms":"none"})", "{}", world::kNow);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::textOf({data, size});
  PackFault fault;
  const auto pack = RegionPack::parse(text, &fault);
  fuzz::require(pack.ok() || !fault.message.empty(), "a fault is named");
  if (pack.ok()) askPack(*pack);
  const auto rule = rules::parseJson(text);
  if (!rule.ok()) return 0;
  const auto value = rules::evaluate(*rule, *rule);
  fuzz::require(value.code() != Errc::RuleMalformed || rules::findFault(*rule).has_value(),
                "a rule without a fault is not malformed");
  return 0;
}
