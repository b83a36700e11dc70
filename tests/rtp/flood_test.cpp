#include "rtp/flood.hpp"

#include <doctest/doctest.h>

using rtp::Flood;

TEST_CASE("a flood is answered within a quarter of a second with what arrives, and forgotten by and by") {
    Flood flood;
    CHECK_FALSE(flood.look(0, 0, 1000));
    flood.arrived(3125);  // 100 kbit/s
    CHECK_FALSE(flood.look(10, 90, 1249));
    CHECK(flood.look(10, 90, 1250));
    CHECK(flood.allowed() == 90'000);
    CHECK(flood.isHigh(2249));
    CHECK_FALSE(flood.isHigh(2250));
    double now = 1250;
    for (int quarter = 0; quarter < 2; ++quarter) {
        flood.arrived(3125);
        CHECK_FALSE(flood.look(20 + 10 * quarter, 90, now += 250));
    }
    CHECK(flood.allowed() == doctest::Approx(90'000 * 1.19));
    for (int quarter = 0; quarter < 40; ++quarter) CHECK_FALSE(flood.look(100 + quarter, 90, now += 250));
    CHECK(flood.allowed() == Flood::kMost);
}

TEST_CASE("what is no flood changes nothing") {
    struct Row {
        const char* what;
        int packets, lost;
    };
    const Row rows[] = {
        {"no loss", 60, 0}, {"a weak radio link", 60, 20}, {"a moment's gap", 12, 9}, {"silence", 0, 0}};
    for (const Row& row : rows) {
        CAPTURE(row.what);
        Flood flood;
        (void)flood.look(0, 0, 0);
        flood.arrived(10'000);
        CHECK_FALSE(flood.look(row.packets, row.lost, 250));
        CHECK(flood.allowed() == Flood::kMost);
        CHECK_FALSE(flood.isHigh(250));
    }
    Flood flood;
    (void)flood.look(100, 50, 0);
    CHECK_FALSE(flood.look(0, 0, 250));  // the counting began anew
    CHECK(flood.allowed() == Flood::kMost);
}
