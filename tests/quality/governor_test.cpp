#include "quality/governor.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace quality;

namespace {

constexpr Figures kCalm{.audioKbps = 130, .videoKbps = 2500, .roundTripMs = 40};
constexpr Figures kLossy{.audioKbps = 130, .videoKbps = 870, .lossPercent = 40, .roundTripMs = 40};
constexpr Figures kQueued{.audioKbps = 130, .videoKbps = 870, .roundTripMs = 400};
constexpr Size k720 = Size::P720;

Governor after(Governor governor, const Figures& figures, int seconds = 1) {
    for (int i = 0; i < seconds; ++i) observe(governor, figures, k720);
    return governor;
}

/// A way of `kbps` with a queue of 400 ms in front of it, and an encoder that gives out what it may.
struct Way {
    double kbps;
    double queued = 0;  ///< kbit

    Figures second(const Limits& limits) {
        const double sent = limits.audioKbps + 22 + limits.videoKbps;
        const double arriving = queued + sent;
        const double fits = kbps + kbps * 0.4;
        const double lost = std::max(0.0, arriving - fits);
        queued = std::clamp(arriving - lost - kbps, 0.0, kbps * 0.4);
        return {.audioKbps = limits.audioKbps + 22,
                .videoKbps = limits.videoKbps,
                .lossPercent = 100 * lost / sent,
                .roundTripMs = 40 + static_cast<int>(queued / kbps * 1000)};
    }
};

}  // namespace

TEST_CASE("each rule of the room there is") {
    const Governor thin{.room = 400, .calm = 7, .patience = 8, .quickest = 40};
    const Governor tried{.room = 400, .calm = 1, .patience = 8, .quickest = 40, .step = 8};
    struct Row {
        const char* what;
        Governor before;
        Figures figures;
        Governor expected;
    };
    const Row rows[] = {
        {"calm", {}, kCalm, {.calm = 1, .quickest = 40}},
        {"and has been for a while", {.calm = 1, .quickest = 40}, kCalm, {.calm = 2, .quickest = 40, .proven = true}},
        {"nothing is sent", {.calm = 3, .quickest = 40}, {}, {.calm = 3, .quickest = 40}},
        {"loss", {.calm = 9, .quickest = 40}, kLossy, {.room = 540, .patience = 8, .edge = 540, .quickest = 40}},
        {"the browser believes in less",
         {.quickest = 40},
         {.audioKbps = 130, .videoKbps = 870, .lossPercent = 40, .availableKbps = 90},
         {.room = 90, .patience = 8, .edge = 90, .quickest = 40}},
        {"a little loss", {.quickest = 40}, {.audioKbps = 100, .lossPercent = 9}, {.calm = 1, .quickest = 40}},
        {"a queue", {.quickest = 40}, kQueued, {.room = 900, .patience = 8, .edge = 900, .quickest = 40, .late = 1}},
        {"a long way is no queue", {.quickest = 380}, kQueued, {.calm = 1, .quickest = 380}},
        {"never below what speech needs",
         {.quickest = 40},
         {.audioKbps = 30, .lossPercent = 90},
         {.room = 60, .patience = 8, .edge = 60, .quickest = 40}},
        {"the queue of before is emptying",
         {.room = 400, .calm = 1, .patience = 8, .quickest = 40},
         kQueued,
         {.room = 400, .calm = 2, .patience = 8, .quickest = 40, .late = 1}},
        {"it is still too much",
         {.room = 400, .calm = 2, .patience = 8, .quickest = 40},
         kQueued,
         {.room = 360, .patience = 8, .edge = 360, .quickest = 40, .late = 1}},
        {"more is tried", thin, kCalm, {.room = 432, .patience = 8, .quickest = 40, .step = 8}},
        {"and twice as much more",
         {.room = 400, .calm = 3, .patience = 8, .quickest = 40, .step = 8},
         kCalm,
         {.room = 464, .patience = 8, .quickest = 40, .step = 16}},
        {"up to a half",
         {.room = 400, .calm = 3, .patience = 8, .quickest = 40, .step = 32},
         kCalm,
         {.room = 600, .patience = 8, .quickest = 40, .step = 50}},
        {"over the edge with care",
         {.room = 400, .calm = 3, .patience = 8, .edge = 410, .quickest = 40, .step = 32},
         kCalm,
         {.room = 432, .patience = 8, .edge = 410, .quickest = 40, .step = 8}},
        {"and was too much", tried, kQueued, {.room = 360, .patience = 16, .edge = 360, .quickest = 40, .late = 1}},
        {"patience has an end",
         {.room = 400, .patience = 60, .quickest = 40, .step = 8},
         kQueued,
         {.room = 360, .patience = 60, .edge = 360, .quickest = 40, .late = 1}},
        {"all that is wanted",
         {.room = 2500, .calm = 9, .patience = 8, .quickest = 40},
         kCalm,
         {.quickest = 40, .proven = true}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(after(row.before, row.figures) == row.expected);
    }
}

TEST_CASE("the picture yields before the sound") {
    struct Row {
        int room;
        Size size;
        Limits limits;
    };
    const Row rows[] = {
        {0, k720, {128, 2500, 30, 1}},      {2000, k720, {128, 1850, 30, 1}}, {600, k720, {128, 450, 20, 1}},
        {400, k720, {96, 282, 12, 1}},      {200, k720, {64, 114, 8, 2}},     {120, k720, {48, 50, 5, 4}},
        {90, k720, {32, 36, 2, 4}},         {60, k720, {32, 12, 2, 4}},       {200, Size::P1080, {64, 114, 8, 3}},
        {200, Size::P480, {64, 114, 8, 1}}, {90, Size::P480, {32, 36, 2, 3}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.room);
        CHECK(limits({.room = row.room, .proven = true}, row.size) == row.limits);
    }
}

TEST_CASE("sound begins modestly, and has all it wants after two calm seconds") {
    CHECK(limits({}, k720) == Limits{64, 2500, 30, 1});
    CHECK(limits(after({}, kCalm, 1), k720).audioKbps == 64);
    CHECK(limits(after({}, kCalm, 2), k720) == unlimited(k720));
    CHECK(limits(after({.proven = true}, kLossy), k720).audioKbps == 128);
}

TEST_CASE("over a way of any width the sound fits soon, and all is back when the way is wide again") {
    for (const double kbps : {100.0, 150.0, 250.0, 400.0, 800.0, 1600.0}) {
        CAPTURE(kbps);
        Governor governor = after({}, kCalm, 20);
        Way way{kbps};
        double lost = 0;
        for (int second = 0; second < 300; ++second) {
            const Figures figures = way.second(limits(governor, k720));
            observe(governor, figures, k720);
            if (second >= 10) lost += figures.lossPercent;
        }
        CHECK(lost / 290 < 0.5);
        CHECK(limits(governor, k720).audioKbps + 22 < kbps);
        int seconds = 0;
        way = {10'000};
        for (; governor.room > 0 && seconds < 600; ++seconds)
            observe(governor, way.second(limits(governor, k720)), k720);
        CHECK(seconds < 150);
        CHECK(limits(governor, k720) == unlimited(k720));
    }
}

TEST_CASE(
    "another network whose way is longer is no queue for long") {  // by satellite, a relay, or 3G at the graveside
    for (const int longer : {230, 400, 700}) {
        CAPTURE(longer);
        Governor governor = after({}, {.audioKbps = 130, .videoKbps = 2500, .roundTripMs = 15}, 20);
        int seconds = 0, least = 2500;
        for (; seconds < 600 && (governor.room > 0 || seconds < 60); ++seconds) {
            const Limits now = limits(governor, k720);
            least = std::min(least, now.videoKbps);
            observe(governor, {.audioKbps = now.audioKbps + 22, .videoKbps = now.videoKbps, .roundTripMs = longer},
                    k720);
        }
        CHECK(seconds < 150);
        CHECK(least >= 400);
        CHECK(limits(governor, k720) == unlimited(k720));
    }
}
