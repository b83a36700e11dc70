// Whatever the person, the browser and the server do, in whatever order their replies come, the session keeps its
// promises: see explorer_world.cpp. A program of its own, without sanitizers, because it takes millions of steps.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <unordered_set>

#include "whip/explorer_world.hpp"

using namespace whip;
using namespace whip::explorer;

namespace {

std::size_t wanted() {
    const char* const text = std::getenv("STATES");
    return text ? std::strtoul(text, nullptr, 10) : 2'000'000;
}

// All worlds in the order of the number of events that lead to them, as far as the list of those to go on from stays
// within bounds; from there on some of them.
constexpr std::size_t kMostOpen = 120'000;

}  // namespace

TEST_CASE("in every order of events: one session at most, nothing left on, Stop ends, retries are bounded") {
    std::unordered_set<std::uint64_t> seen;
    seen.reserve(wanted() * 2);
    std::deque<World> open{World{}};
    seen.insert(fingerprint(open.front()));
    std::uint64_t steps = 0, violations = 0, random = 1;
    std::size_t phases[16] = {};
    while (!open.empty() && seen.size() < wanted()) {
        if (open.size() > 1 && seen.size() > kMostOpen) {  // not the eldest only: deep ones too
            random = random * 6364136223846793005ULL + 1442695040888963407ULL;
            std::swap(open.front(), open[(random >> 33) % open.size()]);
        }
        const World world = std::move(open.front());
        open.pop_front();
        for (const Event& event : choices(world)) {
            World next = world;
            happen(next, event);
            ++steps;
            if (!next.fault.empty()) {
                if (violations++ < 5)
                    std::printf("%s: phase %d, event %d -> phase %d\n", next.fault.c_str(), int(world.session.phase),
                                int(event.index()), int(next.session.phase));
                continue;
            }
            if (!seen.insert(fingerprint(next)).second) continue;
            ++phases[std::size_t(next.session.phase)];
            if (open.size() < kMostOpen) open.push_back(std::move(next));
        }
    }
    std::printf("explored_states %zu, steps %llu, violations %llu\n", seen.size(),
                static_cast<unsigned long long>(steps), static_cast<unsigned long long>(violations));
    CHECK(violations == 0);
    CHECK(seen.size() >= wanted());
    for (std::size_t phase = 0; phase <= std::size_t(Phase::Failed); ++phase) CHECK(phases[phase] > 0);
}
