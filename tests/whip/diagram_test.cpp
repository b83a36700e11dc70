// The diagrams of docs/whip-session.md are drawn from the rule tables. When a table has changed:
//   UPDATE=1 build/native/core_tests --test-case="*diagram*"
#include <doctest/doctest.h>

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

constexpr std::string_view kEvents[] = {"Preview", "Start",     "Captured", "OfferReady", "Created",   "Dropped",
                                        "Refused", "Connected", "Faltered", "Picture",    "MediaLost", "Online",
                                        "Waited",  "Deleted",   "Stop",     "Leave"};
static_assert(std::size(kEvents) == std::variant_size_v<Event>);

std::string_view name(Phase phase) {
    constexpr std::string_view kNames[] = {"Idle",       "Capturing", "Ready",   "Offering", "Posting",
                                           "Connecting", "Live",      "Waiting", "Stopping", "Failed"};
    return kNames[std::size_t(phase)];
}

std::string_view name(ViewerPhase phase) {
    constexpr std::string_view kNames[] = {"Idle", "Offering", "Posting", "Connecting", "Playing", "Waiting", "Failed"};
    return kNames[std::size_t(phase)];
}

std::string_view guard(When when) {
    constexpr std::string_view kNames[] = {"", " [endpoint known]", " [answer fits]", " [faltering]",
                                           " [of this session]"};
    return kNames[std::size_t(when)];
}

std::string_view guard(ViewerWhen when) {
    constexpr std::string_view kNames[] = {"", " [answer fits]", " [faltering]"};
    return kNames[std::size_t(when)];
}

// One arrow for each pair of phases, in the order of the table, with all that leads along it.
template <class Rule>
std::string draw(std::span<const Rule> rules) {
    std::vector<std::pair<std::string, std::string>> arrows;
    for (const Rule& rule : rules) {
        const std::string arrow = "    " + std::string{name(rule.from)} + " --> " + std::string{name(rule.to)};
        const std::string label = std::string{kEvents[rule.event]} + std::string{guard(rule.when)};
        auto at = arrows.begin();
        while (at != arrows.end() && at->first != arrow) ++at;
        if (at == arrows.end()) {
            arrows.emplace_back(arrow, label);
        } else {
            at->second += ", " + label;
        }
    }
    std::string drawn = "```mermaid\nstateDiagram-v2\n    [*] --> Idle\n";
    for (const auto& arrow : arrows) drawn += arrow.first + " : " + arrow.second + "\n";
    return drawn + "```\n";
}

// Puts `drawn` where the page has the diagram after `heading`.
std::string placed(std::string page, std::string_view heading, const std::string& drawn) {
    const auto title = page.find(heading);
    const auto begin = page.find("```mermaid\n", title);
    const auto end = page.find("\n```\n", begin);
    if (title == std::string::npos || begin == std::string::npos || end == std::string::npos) return {};
    return page.replace(begin, end + 5 - begin, drawn);
}

}  // namespace

TEST_CASE("the diagrams in docs/whip-session.md show the rules as they are") {
    const std::string path = FIXTURES "/../../docs/whip-session.md";
    std::ifstream in(path, std::ios::binary);
    const std::string page{std::istreambuf_iterator<char>{in}, {}};
    CHECK_FALSE(page.empty());
    std::string drawn = placed(page, "## Publisher", draw(rules()));
    drawn = placed(drawn, "## Viewer", draw(viewerRules()));
    if (std::getenv("UPDATE"))
        std::ofstream(path, std::ios::binary) << drawn;
    else
        CHECK_MESSAGE(page == drawn, "run again with UPDATE=1");
}
