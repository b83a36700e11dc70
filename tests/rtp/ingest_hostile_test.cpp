#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "rtp/ingest.hpp"
#include "rtp/packets.hpp"

using namespace rtp;

namespace {

std::string types(const std::vector<Item>& items) {
    std::string text;
    for (const Item& item : items) text += item.type == Item::Start ? 'S' : item.type == Item::End ? 'E' : 'D';
    return text;
}

// A datagram as a broken or evil publisher may send it: a real one with some of its fields, or its end, wrong.
Bytes datagram(Random& random, int sequence, double now) {
    Bytes bytes;
    const auto noise = [&](std::uint32_t most) {
        for (std::uint32_t left = random.below(most); left > 0; --left) appendU8(bytes, random.next() >> 9);
    };
    if (random.chance(0.1)) {
        noise(60);
        return bytes;
    }
    if (random.chance(0.1)) {
        bytes = senderReport(random.below(4), random.next(), random.next(), random.next());
        if (random.chance(0.3)) bytes[1] = static_cast<std::uint8_t>(200 + random.below(8));
    } else {
        const Header header{.sequence = random.chance(0.01) ? static_cast<int>(random.below(65536)) : sequence % 65536,
                            .timestamp = random.chance(0.01) ? random.next() : static_cast<std::uint32_t>(now * 90),
                            .marker = random.chance(0.5),
                            .ssrc = random.chance(0.01) ? random.below(4) : 1,
                            .payloadType = static_cast<std::uint8_t>(random.chance(0.8) ? 96 : 111)};
        bytes = rtpPacket(header, random.chance(0.1) ? vp8Key(16 << random.below(3), 48) : Bytes{});
        noise(20);
        if (random.chance(0.05)) bytes[0] = static_cast<std::uint8_t>(0x80 | random.below(64));
    }
    if (random.chance(0.05)) bytes.resize(random.below(static_cast<std::uint32_t>(bytes.size()) + 1));
    return bytes;
}

}  // namespace

TEST_CASE("no datagram, cut or random, does harm") {
    Random random{20260601};
    for (const Codec codec : {Codec::H264, Codec::Vp8}) {
        Ingest in{{{.kind = Kind::Video, .codec = codec, .payloadType = 96, .clockRate = 90000},
                   {.kind = Kind::Audio, .codec = Codec::Opus, .payloadType = 111, .clockRate = 48000, .ssrc = 5}}};
        double now = 0;
        std::string order;
        for (int i = 0; i < 30000; ++i) {
            now += random.below(20);
            (void)in.packet(random.chance(0.7) ? Kind::Video : Kind::Audio, datagram(random, i, now), now);
            if (random.chance(0.1)) (void)in.feedback(now);
            if (random.chance(0.1)) order += types(in.media(now));
        }
        order += types(in.end(now));
        REQUIRE_FALSE(order.empty());
        CHECK(order.front() == 'S');
        CHECK(order.back() == 'E');
        for (const char* wrong : {"SE", "SS", "EE", "DS", "ED"}) {
            CAPTURE(wrong);
            CHECK(order.find(wrong) == std::string::npos);
        }
    }
}

TEST_CASE("a clock that runs backwards or is no number stands still") {
    const double infinity = std::numeric_limits<double>::infinity();
    const double times[] = {0, -1, std::nan(""), infinity, -infinity, 1e300};
    Ingest in{{{.kind = Kind::Audio, .codec = Codec::Opus, .payloadType = 96, .clockRate = 48000}}};
    for (const double now : times) {
        if (now != 0) (void)in.media(now);  // before there was any time
    }
    const Bytes payload = fromHex("fc0102");
    CHECK(in.packet(Kind::Audio, rtpPacket({.sequence = 1}, payload), 5000) == Ingest::Forward);
    for (const double now : times) {
        CAPTURE(now);
        (void)in.packet(Kind::Audio, {}, now);
        (void)in.feedback(now);
        (void)in.media(now);
        CHECK(in.stats().silentMs == 0);
    }
    (void)in.media(6000);
    CHECK(in.stats().silentMs == 1000);
}
