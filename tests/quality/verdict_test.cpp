#include "quality/verdict.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace quality;
using enum quality::Grade;
using enum quality::Cause;

namespace {
constexpr Figures kGood{
    .audioKbps = 130, .videoKbps = 2500, .lossPercent = 1, .roundTripMs = 80, .framesPerSecond = 30};

Figures with(void (*change)(Figures&)) {
    Figures figures = kGood;
    change(figures);
    return figures;
}
}  // namespace

TEST_CASE("each rule of the verdict") {
    struct Row {
        Figures figures;
        Limits limits;
        Verdict verdict;
    };
    const Limits all{}, fewer{.videoKbps = 1000}, small{.videoKbps = 50, .scale = 4};
    const Row rows[] = {
        {{}, all, {Poor, Nothing}},
        {kGood, small, {Poor, Thin}},
        {with([](Figures& f) { f.lossPercent = 10; }), fewer, {Poor, Loss}},
        {with([](Figures& f) { f.roundTripMs = 1000; }), all, {Poor, Delay}},
        {with([](Figures& f) { f.lossPercent = 9; }), fewer, {Fair, Thin}},
        {with([](Figures& f) { f.lossPercent = 3; }), all, {Fair, Loss}},
        {with([](Figures& f) { f.roundTripMs = 400; }), all, {Fair, Delay}},
        {with([](Figures& f) { f.bound = Bound::Cpu; }), all, {Fair, Device}},
        {with([](Figures& f) { f.bound = Bound::Bandwidth; }), all, {Good, None}},
        {kGood, all, {Good, None}},
    };
    for (const Row& row : rows) {
        CAPTURE(code(row.verdict.cause));
        CHECK(judge(row.figures, row.limits, Size::P720) == row.verdict);
    }
}

TEST_CASE("a verdict gets worse after 2 seconds and better after 5") {
    Steady steady;
    const auto tell = [&](Verdict verdict, int seconds) {
        for (int i = 0; i < seconds; ++i) settle(steady, verdict);
        return steady.told;
    };
    CHECK(tell({Poor, Loss}, 1) == Verdict{});
    CHECK(tell({}, 3) == Verdict{});
    CHECK(tell({Poor, Loss}, 2) == Verdict{Poor, Loss});
    CHECK(tell({Fair, Delay}, 4) == Verdict{Poor, Loss});
    CHECK(tell({Fair, Delay}, 1) == Verdict{Fair, Delay});
    CHECK(tell({}, 4) == Verdict{Fair, Delay});
    CHECK(tell({Fair, Delay}, 1) == Verdict{Fair, Delay});
    CHECK(tell({}, 5) == Verdict{});
}

TEST_CASE("every cause has a code and a sentence") {
    for (const Cause cause : {Nothing, Loss, Delay, Thin, Device}) {
        CHECK(code(cause).starts_with("quality-"));
        CHECK(sentence(cause).ends_with("."));
    }
    CHECK(code(None).empty());
    CHECK(std::string{name(Fair)} == "fair");
}
