#include "rtp/flood.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using rtp::Flood;

namespace {

// One that has allowed all there is, at `now`.
Flood calm(double& now) {
    Flood flood;
    (void)flood.look(1, 0, now);
    while (flood.allowed() < Flood::kMost) (void)flood.look(1, 0, now += 250);
    return flood;
}

}  // namespace

TEST_CASE("at the beginning twice as much is allowed four times a second, and told at once") {
    Flood flood;
    CHECK_FALSE(flood.look(0, 0, 500));  // nothing has come yet
    CHECK_FALSE(flood.look(1, 0, 1000));
    CHECK(flood.allowed() == Flood::kBegin);
    std::uint64_t allowed = Flood::kBegin;
    for (double now = 1250; now <= 2750; now += 250) {
        flood.heard(now - 5000, now + 30);
        CHECK(flood.look(10, 0, now));
        CHECK(flood.allowed() == std::min(Flood::kMost, allowed *= 2));
    }
    CHECK_FALSE(flood.look(10, 0, 3000));
    CHECK(flood.allowed() == Flood::kMost);
}

TEST_CASE("where sound is late at the beginning pictures have what arrives of them, and more once it is not") {
    Flood flood;
    (void)flood.look(1, 0, 0);
    flood.heard(0, 40);
    flood.arrived(3125);  // 100 kbit/s
    flood.heard(240, 240 + 139);
    CHECK(flood.look(20, 0, 250));
    CHECK(flood.allowed() == 2 * Flood::kBegin);
    flood.arrived(3125);
    flood.heard(480, 480 + 150);
    CHECK(flood.look(40, 0, 500));
    CHECK(flood.allowed() == 90'000);
    flood.heard(740, 740 + 40);
    CHECK(flood.look(60, 0, 750));
    CHECK(flood.allowed() == 180'000);
    // Later a delay is the sender's own concern.
    double now = 1000;
    Flood later = calm(now);
    later.heard(0, 40);
    later.heard(20, 1000);
    CHECK_FALSE(later.look(1, 0, now += 250));
    CHECK(later.allowed() == Flood::kMost);
    CHECK(later.isLate());
}

TEST_CASE("clocks that drift apart do not make sound late") {
    double now = 0;
    Flood flood = calm(now);
    for (int second = 0; second < 3600; ++second, now += 1000) {
        flood.heard(second * 999.9, now);
        (void)flood.look(1, 0, now);
        CHECK_FALSE(flood.isLate());
    }
}

TEST_CASE("a flood is answered within a quarter of a second with what arrives, and forgotten by and by") {
    double now = 0;
    Flood flood = calm(now);
    flood.arrived(3125);  // 100 kbit/s
    CHECK_FALSE(flood.look(10, 90, now + 249));
    CHECK(flood.look(10, 90, now += 250));
    CHECK(flood.allowed() == 90'000);
    CHECK(flood.isHigh(now + 999));
    CHECK_FALSE(flood.isHigh(now + 1000));
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
        double now = 0;
        Flood flood = calm(now);
        flood.arrived(10'000);
        CHECK_FALSE(flood.look(1 + row.packets, row.lost, now += 250));
        CHECK(flood.allowed() == Flood::kMost);
        CHECK_FALSE(flood.isHigh(now));
    }
    double now = 0;
    Flood flood = calm(now);
    (void)flood.look(100, 5, now += 250);
    CHECK_FALSE(flood.look(0, 0, now += 250));  // the counting began anew
    CHECK(flood.allowed() == Flood::kMost);
}

TEST_CASE("sound whose timestamps begin anew is not late for ever") {  // RFC 3550 section 5.1: they are 32 bits
    Flood flood;
    flood.heard(89'478'000, 1000);
    CHECK_FALSE(flood.isLate());
    flood.heard(15, 1500);
    CHECK_FALSE(flood.isLate());
    flood.heard(35, 1820);
    CHECK(flood.isLate());
}
