// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "cli/commands.h"
#include "cli/inputs.h"

namespace liangma::tools {
namespace {

constexpr std::array kColours = {Colour::Pending, Colour::Green, Colour::Yellow, Colour::Red};

struct TestOptions {
  CommonOptions common;
  std::vector<std::string> packs;
};

constexpr const char* kFooter =
    R"(Prints what each pack answers to a code of its own region, by colour and scene.
A pack's base is read from the same folder, by its region: 330000.json.
The rules in force at --now speak. An answer that this project assumed is marked with *.)";

struct Answer {
  Admission admission;
  bool isAssumption = false;
};

Answer ask(const RegionPacks& packs, const std::string& region, const PackScene& scene, Colour colour,
           UnixSeconds now) {
  const AdmissionFacts facts{scene.scene.id,       region,  colour, region, region,
                             scene.scene.required, nullptr, now};
  const RuleInfo* asked = nullptr;
  auto admission = packs.admit(facts, &asked);
  auto subject = region + " " + scene.scene.id + " " + std::string(colourId(colour));
  if (asked != nullptr) subject += ", rule " + asked->identifier;
  Answer answer{need(std::move(admission), subject)};
  const auto* rule = packs.findRule(region, answer.admission.rule);
  answer.isAssumption = rule != nullptr && rule->isAssumption;
  return answer;
}

std::string nameIn(const Names& names, const char* language) {
  const auto found = names.find(language);
  return found == names.end() ? "" : found->second;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::string table(const RegionPacks& packs, const RegionPack& pack, UnixSeconds now) {
  std::string text =
      pack.region() + "  " + nameIn(pack.names(), "en") + "  " + nameIn(pack.names(), "zh-Hans") + "\n";
  text += "  " + padded("scene", 18);
  for (const auto colour : kColours) text += padded(std::string(colourId(colour)), 9);
  text.erase(text.find_last_not_of(' ') + 1);
  for (const auto* scene : packs.scenesAt(pack.region())) {
    text += "\n  " + padded(scene->scene.id, 18);
    for (const auto colour : kColours) {
      const auto answer = ask(packs, pack.region(), *scene, colour, now);
      text +=
          padded(std::string(decisionId(answer.admission.decision)) + (answer.isAssumption ? "*" : ""), 9);
    }
    text.erase(text.find_last_not_of(' ') + 1);
  }
  return text + "\n";
}

OrderedJson toJson(const RegionPacks& packs, const RegionPack& pack, UnixSeconds now) {
  OrderedJson scenes = OrderedJson::object();
  for (const auto* scene : packs.scenesAt(pack.region()))
    for (const auto colour : kColours) {
      const auto answer = ask(packs, pack.region(), *scene, colour, now);
      scenes[scene->scene.id][std::string(colourId(colour))] = {
          {"decision", decisionId(answer.admission.decision)},
          {"rule", answer.admission.rule},
          {"assumption", answer.isAssumption}};
    }
  return {
      {"region", pack.region()}, {"version", pack.version()}, {"names", pack.names()}, {"scenes", scenes}};
}

ExitCode test(const TestOptions& options) {
  const auto now = options.common.clock();
  for (const auto& path : options.packs) {
    RegionPacks packs;
    const auto region = keepPackAndBases(path, packs);
    const auto& pack = *packs.find(region);
    print(options.common.json ? jsonLine(toJson(packs, pack, now)) + "\n" : table(packs, pack, now));
  }
  return ExitCode::Ok;
}

}  // namespace

void addRules(const Command& app, Chosen& chosen) {
  const auto rules = app.add("rules", "Read region packs");
  const auto command = rules.add("test", "Check region packs and print what they answer");
  const auto options = command.runs(chosen, test);
  command.operands("packs", options->packs, "Region packs; they are answered one after another");
  command.footer(kFooter);
}

}  // namespace liangma::tools
