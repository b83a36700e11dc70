#include "rtp/h264.hpp"

#include <doctest/doctest.h>

#include "rtp/packets.hpp"

using namespace rtp;

namespace {

const std::string kSps = "6742c01ed900a02ff970110000030001000003003c0f162e48";  // 640x360
const std::string kPps = "68cb83cb20";
const std::string kSets = "780019" + kSps + "0005" + kPps;

struct Sent {
    std::uint32_t timestamp;
    bool marker;
    std::string payload;
};

// A line per access unit: "<timestamp>[ key] <data>".
std::vector<std::string> push(H264& h264, const std::vector<Sent>& packets) {
    std::vector<std::string> units;
    for (const Sent& sent : packets) {
        const Bytes payload = fromHex(sent.payload);
        const Packet packet{.marker = sent.marker, .timestamp = sent.timestamp, .payload = payload};
        for (const AccessUnit& unit : h264.push(packet)) {
            units.push_back(std::to_string(unit.timestamp) + (unit.key ? " key " : " ") + toHex(unit.data));
        }
    }
    return units;
}

using Units = std::vector<std::string>;

H264 running() {
    H264 h264;
    CHECK(push(h264, {{1, false, kSets}, {1, true, "65aa"}}).size() == 1);
    CHECK_FALSE(h264.isWaiting());
    return h264;
}

const std::string kSetsInUnit = "00000019" + kSps + "00000005" + kPps;

}  // namespace

TEST_CASE("a key picture is an IDR picture with its parameter sets, however they are packed") {
    struct Row {
        const char* what;
        std::vector<Sent> packets;
    };
    const Row rows[] = {
        {"STAP-A and a slice", {{5, false, kSets}, {5, true, "65aabb"}}},
        {"single NAL units", {{5, false, kSps}, {5, false, kPps}, {5, true, "65aabb"}}},
        {"everything in one STAP-A", {{5, true, kSets + "000365aabb"}}},
        {"a slice in FU-A", {{5, false, kSets}, {5, false, "7c85aa"}, {5, true, "7c45bb"}}},
        {"a delimiter first", {{5, false, "0910"}, {5, false, kSets}, {5, true, "65aabb"}}},
        {"filler last", {{5, false, kSets}, {5, false, "65aabb"}, {5, true, "0cffff80"}}},
        {"a probe between", {{5, false, kSets}, {5, false, ""}, {5, true, "65aabb"}}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        H264 h264;
        CHECK(push(h264, row.packets) == Units{"5 key " + kSetsInUnit + "0000000365aabb"});
    }
}

TEST_CASE("a key picture brings its size and avcC") {
    H264 h264;
    (void)push(h264, {{1, false, kSets}});
    const Bytes slice = fromHex("65aa");
    const auto units = h264.push({.marker = true, .timestamp = 1, .payload = slice});
    REQUIRE(units.size() == 1);
    CHECK(units[0].size == Size{640, 360});
    CHECK(toHex(units[0].config) == "0142c01effe10019" + kSps + "010005" + kPps);
}

TEST_CASE("parameter sets are remembered") {
    H264 h264;
    CHECK(push(h264, {{1, true, kSets}}).empty());
    CHECK(push(h264, {{2, true, "65aa"}}) == Units{"2 key 0000000265aa"});
    CHECK(push(h264, {{3, true, "41bb"}}) == Units{"3 0000000241bb"});
    CHECK(push(h264, {{4, true, "65cc"}}) == Units{"4 key 0000000265cc"});
}

TEST_CASE("nothing is given before the first key picture") {
    H264 h264;
    CHECK(push(h264, {{1, true, "41aa"}, {2, true, "65aa"}, {3, true, kSps}, {4, true, "65aa"}, {5, true, kPps}})
              .empty());
    CHECK(h264.isWaiting());
    CHECK(push(h264, {{6, true, "65aa"}}) == Units{"6 key 0000000265aa"});
    CHECK_FALSE(h264.isWaiting());
}

TEST_CASE("a picture ends with its marker, or without one where the next begins") {
    H264 h264 = running();
    CHECK(push(h264, {{2, false, "41aa"}, {2, false, "41bb"}}).empty());
    CHECK(push(h264, {{3, false, "41cc"}}) == Units{"2 0000000241aa0000000241bb"});
    CHECK(push(h264, {{4, true, "41dd"}}) == Units{"3 0000000241cc", "4 0000000241dd"});
}

TEST_CASE("after a gap only a key picture of which nothing is missing will do") {
    struct Row {
        const char* what;
        std::vector<Sent> packets;
        Units units;
    };
    const std::string key = "9 key " + kSetsInUnit + "0000000265aa";
    const Row rows[] = {
        {"other pictures", {{8, true, "41aa"}, {9, true, "41aa"}}, {}},
        {"the rest of an IDR picture", {{8, true, "65aa"}}, {}},
        {"the rest, then the next", {{8, true, "65aa"}, {9, true, "65bb"}}, {"9 key 0000000265bb"}},
        {"the rest without a marker", {{8, false, "65aa"}, {9, true, "65bb"}}, {"9 key 0000000265bb"}},
        {"the rest of a fragment",
         {{8, false, "7c05aa"}, {8, true, "7c45aa"}, {9, true, "65bb"}},
         {"9 key 0000000265bb"}},
        {"one that begins with its SPS", {{9, false, kSets}, {9, true, "65aa"}}, {key}},
        {"one that begins with a delimiter, its SPS known",
         {{9, false, "09f0"}, {9, true, "65bb"}},
         {"9 key 0000000265bb"}},
        {"one that begins with a delimiter", {{9, false, "09f0"}, {9, false, kSets}, {9, true, "65aa"}}, {key}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        H264 h264 = running();
        CHECK(push(h264, {{7, false, "7c81aa"}}).empty());
        h264.gap();
        CHECK(h264.isWaiting());
        CHECK(push(h264, row.packets) == row.units);
        CHECK(h264.isWaiting() == row.units.empty());
    }
}

TEST_CASE("a packet that makes no sense counts as a gap") {
    const char* const payloads[] = {
        "7c01aa",        // the middle of a fragment that never began
        "7c41aa",        // its end
        "7cc1aa",        // beginning and end at once
        "7c81",          // a fragment of nothing
        "7c",            // not even a fragment header
        "7800",          // half a length
        "780000",        // a NAL unit of no size
        "78000441aabb",  // larger than the packet
        "78000241aa00",  // a byte too many
        "59aa",          // STAP-B, which packetization-mode 1 has not
        "5aaa",          // MTAP16
        "5baa",          // MTAP24
        "5daa",          // FU-B
        "5eaa",          // undefined
        "5faa",          // undefined
        "40aa",          // undefined
    };
    for (const char* payload : payloads) {
        CAPTURE(payload);
        H264 h264 = running();
        CHECK(push(h264, {{2, false, "41aa"}, {2, false, payload}}).empty());
        CHECK(h264.isWaiting());
        // The rest of the picture is no picture; the next one is.
        CHECK(push(h264, {{2, true, "65aa"}, {3, true, "65bb"}}) == Units{"3 key 0000000265bb"});
    }
}

TEST_CASE("the access unit after one that makes no sense is known to begin") {
    const std::vector<Sent> rows[] = {
        {{2, true, "7c41aa"}},                   // its marker says that it ended
        {{2, false, "7c41aa"}},                  // another time says so
        {{2, false, "7c81aa"}},                  // a fragment without end, and another time
        {{2, true, "7c81aa"}},                   // a fragment without end, and its marker
        {{2, false, "7c81aa"}, {2, true, "41"}}  // an interrupted fragment
    };
    for (const auto& row : rows) {
        CAPTURE(row.back().payload);
        H264 h264 = running();
        CHECK(push(h264, row).empty());
        CHECK(push(h264, {{3, true, "65bb"}}) == Units{"3 key 0000000265bb"});
    }
}

TEST_CASE("a fragment that is interrupted or never ends is a gap") {
    const std::vector<Sent> rows[] = {
        {{2, true, "41bb"}},   {{2, false, "41bb"}, {2, true, "7c41cc"}}, {{2, false, "7c81bb"}}, {{3, true, "41bb"}},
        {{2, true, "7c01bb"}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.front().payload);
        H264 h264 = running();
        CHECK(push(h264, {{2, false, "7c81aa"}}).empty());
        CHECK(push(h264, row).empty());
        CHECK(h264.isWaiting());
    }
}

TEST_CASE("an IDR picture without an SPS is no key picture") {
    H264 h264;
    CHECK(push(h264, {{1, true, "41aa"}, {2, true, kPps}, {3, true, "65aa"}}).empty());
    CHECK(h264.isWaiting());
}

TEST_CASE("a picture or a fragment without end is not kept") {
    for (const char* begin : {"4141", "7c81"}) {
        CAPTURE(begin);
        H264 h264 = running();
        Bytes payload = fromHex(begin);
        payload.resize(60000, 0x41);
        for (int i = 0; i < 200; ++i) {
            CHECK(h264.push({.timestamp = 2, .payload = payload}).empty());
            if (payload[0] == 0x7c) payload[1] = 0x01;
        }
        CHECK(h264.isWaiting());
        CHECK(push(h264, {{3, true, "65aa"}}).size() == 1);
    }
}

TEST_CASE("PPS of several numbers are kept, and of one number the last") {
    H264 h264;
    (void)push(h264, {{1, false, kSps}, {1, false, "68c0"}, {1, false, "6840"}, {1, false, "68ce"}});
    const Bytes slice = fromHex("65aa");
    const auto units = h264.push({.marker = true, .timestamp = 1, .payload = slice});
    REQUIRE(units.size() == 1);
    CHECK(toHex(units[0].config) == "0142c01effe10019" + kSps + "02000268ce00026840");
}

TEST_CASE("random payloads never crash, and every unit is whole NAL units") {
    Random random{99};
    H264 h264 = running();
    std::size_t count = 0;
    for (int i = 0; i < 50000; ++i) {
        Bytes payload;
        const std::uint8_t types[] = {0x78, 0x7c, 0x7c, 0x65, 0x41, 0x67, 0x68, 0x09};
        appendU8(payload, types[random.below(8)]);
        const std::uint32_t size = random.below(12);
        for (std::uint32_t j = 0; j < size; ++j)
            appendU8(payload, random.below(4) ? random.next() >> 5 : random.below(3));
        if (random.chance(0.01)) h264.gap();
        for (const AccessUnit& unit : h264.push(
                 {.marker = random.chance(0.3), .timestamp = static_cast<std::uint32_t>(i) / 3, .payload = payload})) {
            ++count;
            std::size_t at = 0;
            while (at < unit.data.size()) {
                REQUIRE(at + 4 < unit.data.size());
                at += 4 + readU32(unit.data, at);
            }
            REQUIRE(at == unit.data.size());
        }
    }
    CHECK(count > 0);
}
