// The diagrams and tables of docs/whip-session.md are drawn from the rule tables. When a table has changed:
//   UPDATE=1 build/native/core_tests --test-case="*diagram*"
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "whip/session_rules.hpp"
#include "whip/viewer_rules.hpp"

using namespace whip;

namespace {

constexpr std::string_view kEvents[] = {
    "Preview", "Arm",          "Start",     "Captured", "Uncaptured", "OfferReady", "AnswerReady",
    "Created", "Countered",    "Dropped",   "Refused",  "Candidate",  "Connected",  "Faltered",
    "Ended",   "RestartReady", "Restarted", "Patched",  "Picture",    "Reached",    "Online",
    "Awake",   "Waited",       "Deleted",   "Stop",     "Leave"};
static_assert(std::size(kEvents) == std::variant_size_v<Event>);

constexpr std::string_view kPhases[] = {"Idle", "Capturing",  "Ready",   "Offering", "Posting", "Connecting",
                                        "Live", "Restarting", "Waiting", "Stopping", "Failed"};
constexpr std::string_view kViewerPhases[] = {"Idle",       "Offering", "Posting", "Countering",
                                              "Connecting", "Playing",  "Waiting", "Failed"};

std::string_view name(Phase phase) { return kPhases[std::size_t(phase)]; }
std::string_view name(ViewerPhase phase) { return kViewerPhases[std::size_t(phase)]; }

std::string_view guard(When when) {
    constexpr std::string_view kNames[] = {"",
                                           "the offer is ready",
                                           "Start was tapped",
                                           "Start was tapped and the offer is ready",
                                           "the camera is on",
                                           "the camera is not on yet",
                                           "the connection is up",
                                           "it has been live; the first twelve times",
                                           "the answer fits",
                                           "the 201 named new ICE servers and it can restart",
                                           "412, for the first time, and it can restart",
                                           "it can restart",
                                           "not faltering",
                                           "faltering, the network was away, and it can restart",
                                           "faltering",
                                           "nothing has come back yet",
                                           "the newest restart",
                                           "not the newest restart",
                                           "200 with credentials",
                                           "200 with credentials, and the connection is up",
                                           "412 to the unquoted form",
                                           "the old connection is up",
                                           "the new credentials are in use",
                                           "nothing came back",
                                           "the connection is kept",
                                           "the network was away",
                                           "the network is away",
                                           "the network was away and it can restart",
                                           "the server asked for the pause",
                                           "there is a session",
                                           "of this session",
                                           "nothing came back"};
    return kNames[std::size_t(when)];
}

std::string_view guard(ViewerWhen when) {
    constexpr std::string_view kNames[] = {"", "the answer fits", "2xx", "it may pass", "faltering"};
    return kNames[std::size_t(when)];
}

template <class Phase>
constexpr std::size_t kCount = 0;
template <>
constexpr std::size_t kCount<Phase> = std::size(kPhases);
template <>
constexpr std::size_t kCount<ViewerPhase> = std::size(kViewerPhases);

template <class Phase>
std::vector<Phase> listed(Phases<Phase> phases) {
    std::vector<Phase> list;
    for (std::size_t i = 0; i < kCount<Phase>; ++i) {
        if (phases.contains(Phase(i))) list.push_back(Phase(i));
    }
    return list;
}

// One arrow for each pair of phases, in the order of the table, with the events that lead along it; rules that stay in
// their phase are in the list below it only.
template <class Phase, class Rule>
std::string draw(std::span<const Rule> rules) {
    std::vector<std::pair<std::string, std::vector<std::string_view>>> arrows;
    for (const Rule& rule : rules) {
        for (const Phase from : listed<Phase>(rule.from)) {
            if (rule.to.stays || rule.to.phase == from) continue;
            const std::string arrow = "    " + std::string{name(from)} + " --> " + std::string{name(rule.to.phase)};
            auto at = arrows.begin();
            while (at != arrows.end() && at->first != arrow) ++at;
            if (at == arrows.end()) at = arrows.insert(at, {arrow, {}});
            auto& events = at->second;
            if (std::find(events.begin(), events.end(), kEvents[rule.event]) == events.end())
                events.push_back(kEvents[rule.event]);
        }
    }
    std::string drawn = "```mermaid\nstateDiagram-v2\n    [*] --> Idle\n";
    for (const auto& [arrow, events] : arrows) {
        drawn += arrow + " : ";
        for (const std::string_view event : events) drawn.append(event == events.front() ? "" : ", ").append(event);
        drawn += "\n";
    }
    return drawn + "```\n";
}

// The table itself.
template <class Phase, class Rule>
std::string list(std::span<const Rule> rules) {
    std::string text = "```text\n";
    for (const Rule& rule : rules) {
        std::string from;
        for (const Phase phase : listed<Phase>(rule.from)) from.append(from.empty() ? "" : ", ").append(name(phase));
        const std::string_view to = rule.to.stays ? "stays" : name(rule.to.phase);
        const std::string_view when = guard(rule.when);
        text.append(rule.section[0] == '-' ? "" : "§ ").append(rule.section[0] == '-' ? "ours" : rule.section);
        text.append("  ").append(from).append(" : ").append(kEvents[rule.event]);
        if (!when.empty()) text.append(" [").append(when).append("]");
        text.append(" -> ").append(to).append("\n");
    }
    return text + "```\n";
}

// Puts `drawn` in the place of the block that begins with `fence` after `heading`.
std::string placed(std::string page, std::string_view heading, const std::string& drawn) {
    const std::string fence = drawn.substr(0, drawn.find('\n') + 1);
    const auto title = page.find(heading);
    const auto begin = page.find(fence, title);
    const auto end = page.find("\n```\n", begin);
    if (title == std::string::npos || begin == std::string::npos || end == std::string::npos) return {};
    return page.replace(begin, end + 5 - begin, drawn);
}

}  // namespace

TEST_CASE("the diagrams and tables in docs/whip-session.md show the rules as they are") {
    const std::string path = FIXTURES "/../../docs/whip-session.md";
    std::ifstream in(path, std::ios::binary);
    const std::string page{std::istreambuf_iterator<char>{in}, {}};
    CHECK_FALSE(page.empty());
    std::string drawn = placed(page, "## Publisher", draw<Phase>(rules()));
    drawn = placed(drawn, "## Publisher", list<Phase>(rules()));
    drawn = placed(drawn, "## Viewer", draw<ViewerPhase>(viewerRules()));
    drawn = placed(drawn, "## Viewer", list<ViewerPhase>(viewerRules()));
    if (std::getenv("UPDATE"))
        std::ofstream(path, std::ios::binary) << drawn;
    else
        CHECK_MESSAGE(page == drawn, "run again with UPDATE=1");
}
