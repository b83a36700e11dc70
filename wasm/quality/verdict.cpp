#include "quality/verdict.hpp"

#include <algorithm>
#include <iterator>

namespace quality {
namespace {

using enum Grade;
using enum Cause;

struct Seen {
    const Figures& figures;
    const Limits& limits;
    Limits wanted;
};

struct Rule {
    bool (*holds)(const Seen&);
    Verdict verdict;
};

// The first that holds.
constexpr Rule kRules[] = {
    {[](const Seen& s) { return s.figures.audioKbps + s.figures.videoKbps == 0; }, {Poor, Nothing}},
    {[](const Seen& s) { return s.limits.scale > s.wanted.scale; }, {Poor, Thin}},
    {[](const Seen& s) { return s.figures.lossPercent >= 10; }, {Poor, Loss}},
    {[](const Seen& s) { return s.figures.roundTripMs >= 1000; }, {Poor, Delay}},
    {[](const Seen& s) { return s.limits.videoKbps < s.wanted.videoKbps; }, {Fair, Thin}},
    {[](const Seen& s) { return s.figures.lossPercent >= 3; }, {Fair, Loss}},
    {[](const Seen& s) { return s.figures.roundTripMs >= 400; }, {Fair, Delay}},
    {[](const Seen& s) { return s.figures.bound == Bound::Cpu; }, {Fair, Device}},
};

struct Words {
    std::string_view code, sentence;
};
constexpr Words kWords[] = {
    {"", ""},
    {"quality-nothing", "Nothing gets through at the moment."},
    {"quality-loss", "Part of what is sent gets lost on the way. Moving closer to the Wi-Fi may help."},
    {"quality-delay", "The connection is slow to answer."},
    {"quality-thin", "The connection is thin, so the picture is made smaller. The sound comes first."},
    {"quality-device", "This device is working as hard as it can. Closing other apps may help."},
};

}  // namespace

Verdict judge(const Figures& figures, const Limits& limits, Size size) {
    const Seen seen{figures, limits, unlimited(size)};
    const auto* rule =
        std::find_if(std::begin(kRules), std::end(kRules), [&](const Rule& each) { return each.holds(seen); });
    return rule == std::end(kRules) ? Verdict{} : rule->verdict;
}

void settle(Steady& steady, const Verdict& verdict) {
    steady.seconds = verdict == steady.next ? steady.seconds + 1 : 1;
    steady.next = verdict;
    if (steady.seconds >= (verdict.grade < steady.told.grade ? 5 : 2)) steady.told = verdict;
}

std::string_view name(Grade grade) {
    if (grade == Good) return "good";
    return grade == Fair ? "fair" : "poor";
}

std::string_view code(Cause cause) { return kWords[static_cast<std::size_t>(cause)].code; }
std::string_view sentence(Cause cause) { return kWords[static_cast<std::size_t>(cause)].sentence; }

}  // namespace quality
