#include "quality/hearing.hpp"

#include <doctest/doctest.h>

using namespace quality;
using namespace std::chrono_literals;

namespace {

// Every half second until `to`, with more bytes each `apart`; how long after the last ones Silence was told, or 0.
milliseconds silenceAfter(Hearing& hearing, milliseconds apart, milliseconds to) {
    std::int64_t bytes = 0;
    milliseconds at = 0ms, last = 0ms;
    for (; at < to; at += 500ms) {
        if (at % apart == 0ms) ++bytes, last = at;
        CHECK(hear(hearing, at, bytes) != Sign::Silence);
    }
    for (; at < to + 20s; at += 500ms) {
        if (hear(hearing, at, bytes) == Sign::Silence) return at - last;
    }
    return 0ms;
}

}  // namespace

TEST_CASE("silence is told after twice what is usual, once") {
    struct Row {
        milliseconds apart, told;
    };
    for (const Row& row : {Row{500ms, 2s}, Row{1s, 2s}, Row{1500ms, 3s}, Row{2500ms, 5s}, Row{5s, 6s}}) {
        CAPTURE(row.apart.count());
        Hearing hearing;
        CHECK(silenceAfter(hearing, row.apart, 20s) == row.told);
        CHECK(hear(hearing, 99s, 5) != Sign::Silence);
    }
}

TEST_CASE("what comes again is heard at once, and the silence before is not taken for usual") {
    Hearing hearing;
    CHECK(hear(hearing, 0s, 1) == Sign::None);
    for (int i = 1; i <= 5; ++i) CHECK(hear(hearing, i * 1s, 1 + i) == Sign::Life);
    CHECK(hear(hearing, 6s, 6) == Sign::None);
    CHECK(hear(hearing, 7s, 6) == Sign::Silence);
    CHECK(hear(hearing, 30s, 6) == Sign::None);
    CHECK(hear(hearing, 31s, 7) == Sign::Life);
    CHECK(hear(hearing, 33s, 7) == Sign::Silence);
}

TEST_CASE("a hiccup is forgotten within seconds") {
    Hearing hearing;
    (void)hear(hearing, 0ms, 0);
    (void)hear(hearing, 2800ms, 1);
    CHECK(hear(hearing, 8s, 1) == Sign::None);
    milliseconds at = 8s;
    std::int64_t bytes = 1;
    for (int i = 0; i < 10; ++i) (void)hear(hearing, at += 500ms, ++bytes);
    CHECK(hear(hearing, at + 2s, bytes) == Sign::Silence);
}
