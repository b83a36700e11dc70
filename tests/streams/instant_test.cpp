#include "streams/instant.hpp"

#include <doctest/doctest.h>

using namespace streams;

TEST_CASE("a time of any precision becomes nine fraction digits") {
    struct Row {
        const char* text;
        const char* expected;
    };
    const Row rows[] = {
        {"2026-09-23T11:43:41.855717910Z", "2026-09-23T11:43:41.855717910Z"},
        {"2026-09-23T11:43:41Z", "2026-09-23T11:43:41.000000000Z"},
        {"2026-09-23T11:43:41.8Z", "2026-09-23T11:43:41.800000000Z"},
        {"2026-09-23T11:43:41.123456789012Z", "2026-09-23T11:43:41.123456789Z"},
        {"2016-12-31T23:59:60Z", "2016-12-31T23:59:60.000000000Z"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(instant(row.text) == row.expected);
    }
}

TEST_CASE("what is no time in UTC is not taken for one") {
    const char* rows[] = {"",
                          "Z",
                          "2026-09-23",
                          "2026-09-23T11:43:41",
                          "2026-09-23T11:43:41+02:00",
                          "2026-09-23T11:43:41.Z",
                          "2026-09-23T11:43:41.12aZ",
                          "2026-09-23T11:43:41,12Z",
                          "2026-09-23 11:43:41Z",
                          "2026-13-23T11:43:41Z",
                          "2026-00-23T11:43:41Z",
                          "2026-09-32T11:43:41Z",
                          "2026-09-23T24:43:41Z",
                          "2026-09-23T11:60:41Z",
                          "2026-09-23T11:43:61Z",
                          "x2026-09-23T11:43:41Z"};
    for (const char* row : rows) {
        CAPTURE(row);
        CHECK_FALSE(instant(row).has_value());
    }
}

TEST_CASE("browsers get milliseconds") {
    CHECK(toMilliseconds("2026-09-23T11:43:41.855717910Z") == "2026-09-23T11:43:41.855Z");
}

TEST_CASE("seconds since 1970 and instants are the same thing") {
    struct Row {
        std::int64_t seconds;
        const char* at;
    };
    const Row rows[] = {{0, "1970-01-01T00:00:00.000000000Z"},           {951782399, "2000-02-28T23:59:59.000000000Z"},
                        {951782400, "2000-02-29T00:00:00.000000000Z"},   {951868800, "2000-03-01T00:00:00.000000000Z"},
                        {1790142060, "2026-09-23T05:41:00.000000000Z"},  {4107542400, "2100-03-01T00:00:00.000000000Z"},
                        {253402300799, "9999-12-31T23:59:59.000000000Z"}};
    for (const Row& row : rows) {
        CHECK(instantOf(row.seconds) == row.at);
        CHECK(secondsBetween("1970-01-01T00:00:00Z", row.at) == row.seconds);
    }
    CHECK_FALSE(instantOf(-1).has_value());
    CHECK_FALSE(instantOf(253402300800).has_value());
    CHECK(later("2026-12-31T23:59:59.25Z", 1) == "2027-01-01T00:00:00.250000000Z");
    CHECK(later("2024-03-01T00:00:00Z", -1) == "2024-02-29T23:59:59.000000000Z");
    CHECK(later("soon", 1) == "soon");
    CHECK(secondsBetween("soon", "2026-12-31T23:59:59Z") == 0);
}
