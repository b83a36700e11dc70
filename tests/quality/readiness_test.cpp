#include "quality/readiness.hpp"

#include <doctest/doctest.h>

using namespace quality;
using enum quality::Readiness;

namespace {
constexpr Equipment kWhole{
    .picture = true, .microphone = true, .uplinkKbps = 8000, .batteryPercent = 80, .freeMegabytes = 900};

Equipment with(void (*change)(Equipment&)) {
    Equipment equipment = kWhole;
    change(equipment);
    return equipment;
}
}  // namespace

TEST_CASE("each rule of what is ready") {
    struct Row {
        Equipment equipment;
        Readiness readiness;
    };
    const Row rows[] = {
        {kWhole, Ready},
        {with([](Equipment& e) { e.microphone = false; }), NoMicrophone},
        {with([](Equipment& e) { e.muted = e.silent = true; }), Muted},
        {with([](Equipment& e) { e.silent = true; }), Silent},
        {with([](Equipment& e) { e.picture = false; }), NoPicture},
        {with([](Equipment& e) { e.uplinkKbps = 0; }), Unreachable},
        {with([](Equipment& e) { e.uplinkKbps = 999; }), Slow},
        {with([](Equipment& e) { e.uplinkKbps = 1000; }), Ready},
        {with([](Equipment& e) { e.batteryPercent = 29; }), BatteryLow},
        {with([](Equipment& e) { e.batteryPercent = 30; }), Ready},
        {with([](Equipment& e) { e.freeMegabytes = 99; }), StorageFull},
        {with([](Equipment& e) { e.freeMegabytes = 100; }), Ready},
        {with([](Equipment& e) { e.measuring = true; }), Measuring},
        {with([](Equipment& e) { e.measuring = true, e.batteryPercent = 5; }), BatteryLow},
        {with([](Equipment& e) { e.picture = false, e.silent = true, e.uplinkKbps = 0; }), Silent},
        {with([](Equipment& e) { e.uplinkKbps.reset(), e.batteryPercent.reset(), e.freeMegabytes.reset(); }), Ready},
        {{}, NoMicrophone},
    };
    for (const Row& row : rows) {
        CAPTURE(code(row.readiness));
        CHECK(readiness(row.equipment) == row.readiness);
    }
}

TEST_CASE("whatever there is to tell has a code and a sentence") {
    for (auto each = Ready; each <= Measuring; each = static_cast<Readiness>(static_cast<int>(each) + 1)) {
        CHECK(code(each).starts_with("ready"));
        CHECK(sentence(each).ends_with("."));
    }
}
