#include "rtp/vp8.hpp"

#include <doctest/doctest.h>

#include <string>

#include "rtp/opus.hpp"
#include "rtp/packets.hpp"

using namespace rtp;

namespace {

struct Sent {
    std::uint32_t timestamp;
    bool marker;
    std::string payload;
};

using Frames = std::vector<std::string>;

// A line per frame: "<timestamp>[ key <width>x<height>] <data>".
Frames push(Vp8& vp8, const std::vector<Sent>& packets) {
    Frames frames;
    for (const Sent& sent : packets) {
        const Bytes payload = fromHex(sent.payload);
        for (const AccessUnit& unit :
             vp8.push({.marker = sent.marker, .timestamp = sent.timestamp, .payload = payload})) {
            const std::string size = std::to_string(unit.size.width) + "x" + std::to_string(unit.size.height);
            frames.push_back(std::to_string(unit.timestamp) + (unit.key ? " key " + size : "") + " " +
                             toHex(unit.data));
        }
    }
    return frames;
}

const std::string kKey = "1000009d012a8002680155";  // 640x360

Vp8 running() {
    Vp8 vp8;
    CHECK(push(vp8, {{1, true, "10" + kKey}}).size() == 1);
    return vp8;
}

}  // namespace

TEST_CASE("the payload descriptor is skipped, whatever it has") {
    const char* const descriptors[] = {
        "10",            // nothing
        "30",            // not used for reference
        "9000",          // extension of nothing
        "908011",        // 7-bit picture ID
        "90808011",      // 15-bit picture ID
        "904022",        // TL0PICIDX
        "902033",        // TID
        "901044",        // KEYIDX
        "90f080112233",  // all of it
    };
    for (const char* descriptor : descriptors) {
        CAPTURE(descriptor);
        Vp8 vp8;
        CHECK(push(vp8, {{1, true, descriptor + kKey}}) == Frames{"1 key 640x360 " + kKey});
    }
}

TEST_CASE("a frame is all its packets, up to the marker or the next frame") {
    Vp8 vp8 = running();
    CHECK(push(vp8, {{2, false, "1001aa"}, {2, false, "00bb"}, {2, true, "00cc"}}) == Frames{"2 01aabbcc"});
    CHECK(push(vp8, {{3, false, "1001aa"}, {3, false, "13bb"}}).empty());  // the start of another partition
    CHECK(push(vp8, {{4, true, "1001dd"}}) == Frames{"3 01aabb", "4 01dd"});
    CHECK(push(vp8, {{5, false, "1001ee"}, {5, false, ""}, {5, true, "00ff"}}) == Frames{"5 01eeff"});
}

TEST_CASE("nothing is given before a key frame, at the start and after a gap") {
    Vp8 vp8;
    CHECK(vp8.isWaiting());
    CHECK(push(vp8, {{1, true, "1001aa"}, {2, true, "00aa"}}).empty());
    CHECK(push(vp8, {{3, true, "10" + kKey}, {4, false, "1001aa"}}).size() == 1);
    vp8.gap();
    CHECK(push(vp8, {{4, true, "00aa"}, {5, true, "1001aa"}}).empty());
    CHECK(vp8.isWaiting());
    CHECK(push(vp8, {{6, true, "10" + kKey}, {7, true, "1001aa"}}) == Frames{"6 key 640x360 " + kKey, "7 01aa"});
}

TEST_CASE("a packet that makes no sense counts as a gap") {
    const std::vector<Sent> rows[] = {
        {{2, true, "10"}},                        // a descriptor and nothing else
        {{2, true, "90"}},                        // half a descriptor
        {{2, true, "9080"}},                      // no picture ID
        {{2, true, "90808011"}},                  // no data
        {{2, true, "9040"}},                      // no TL0PICIDX
        {{2, true, "00aa"}},                      // a frame that never began
        {{2, false, "1001"}, {2, true, "1001"}},  // two beginnings
        {{2, true, "100000009d012a"}},            // a key frame that is cut
        {{2, true, "101000009d012b80026801"}},    // one with another start code
        {{2, true, "101000009d012a00006801"}},    // one of no width
    };
    for (const auto& row : rows) {
        CAPTURE(row.back().payload);
        Vp8 vp8 = running();
        CHECK(push(vp8, row).empty());
        CHECK(vp8.isWaiting());
    }
}

TEST_CASE("the size leaves out the scaling bits") {
    CHECK(vp8KeySize(fromHex("1000009d012a 8042 6881")) == Size{640, 360});
    CHECK_FALSE(vp8KeySize(fromHex("1100009d012a80026801")));
}

TEST_CASE("a frame without end is not kept") {
    Vp8 vp8 = running();
    Bytes payload(60000, 0);
    for (int i = 0; i < 200; ++i) {
        payload[0] = i == 0 ? 0x10 : 0;
        payload[1] = 1;
        CHECK(vp8.push({.timestamp = 2, .payload = payload}).empty());
    }
    CHECK(vp8.isWaiting());
}

TEST_CASE("random payloads never crash") {
    Random random{5};
    Vp8 vp8;
    for (int i = 0; i < 50000; ++i) {
        Bytes payload;
        const std::uint32_t size = random.below(16);
        for (std::uint32_t j = 0; j < size; ++j) appendU8(payload, random.next() >> 7);
        for (const auto& unit : vp8.push(
                 {.marker = random.chance(0.5), .timestamp = static_cast<std::uint32_t>(i) / 2, .payload = payload})) {
            REQUIRE_FALSE(unit.data.empty());
        }
    }
}

TEST_CASE("an Opus packet is a frame, a probe is none") {
    const Opus opus;
    const Bytes payload = fromHex("fc0102");
    const auto frames = opus.push({.timestamp = 960, .payload = payload});
    REQUIRE(frames.size() == 1);
    CHECK(frames[0].key);
    CHECK(frames[0].timestamp == 960);
    CHECK(toHex(frames[0].data) == "fc0102");
    CHECK(opus.push({.timestamp = 960}).empty());
}
