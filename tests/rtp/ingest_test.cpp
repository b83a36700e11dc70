#include "rtp/ingest.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string_view>

#include "rtp/packets.hpp"

using namespace rtp;

namespace {

constexpr std::uint32_t kVideo = 0xa1;
constexpr std::uint32_t kAudio = 0xb2;

// Video in VP8 under payload type 96, sound under 111, neither SSRC told.
Ingest ingest() {
    return Ingest{{{.kind = Kind::Video, .codec = Codec::Vp8, .payloadType = 96, .clockRate = 90000},
                   {.kind = Kind::Audio, .codec = Codec::Opus, .payloadType = 111, .clockRate = 48000}}};
}

Bytes picture(int sequence, double ms, View payload, std::uint32_t ssrc = kVideo) {
    return rtpPacket(
        {.sequence = sequence & 0xffff, .timestamp = static_cast<std::uint32_t>(ms * 90), .marker = true, .ssrc = ssrc},
        payload);
}

Bytes sound(int sequence, double ms, std::uint32_t ssrc = kAudio) {
    return rtpPacket({.sequence = sequence & 0xffff,
                      .timestamp = static_cast<std::uint32_t>(ms * 48),
                      .ssrc = ssrc,
                      .payloadType = 111},
                     fromHex("fc0102"));
}

// The types of the RTCP packets sent for a kind: "RR REMB NACK PLI".
std::string sentFor(Kind kind, const std::vector<Ingest::Feedback>& feedback) {
    std::string types;
    for (const auto& item : feedback) {
        if (item.kind != kind) continue;
        for (const View packet : splitRtcp(item.bytes)) {
            const int format = packet[0] & 31;
            if (!types.empty()) types += ' ';
            types += packet[1] == 201   ? (format ? "RR" : "-")
                     : packet[1] == 205 ? "NACK"
                     : format == 15     ? "REMB"
                                        : "PLI";
        }
    }
    return types;
}

// What it asks the encoder for: "NACK PLI".
std::string asked(const std::vector<Ingest::Feedback>& feedback) {
    std::string types = sentFor(Kind::Video, feedback);
    for (const std::string_view report : {"RR REMB", "-"}) {
        if (types.starts_with(report)) types.erase(0, report.size() + 1);
    }
    return types;
}

std::string types(const std::vector<Item>& items) {
    std::string text;
    for (const Item& item : items)
        text += item.type == Item::Start ? 'S' : item.type == Item::End ? 'E' : item.key ? 'K' : 'D';
    return text;
}

// A source that is live: key frame at 1000 ms, sound beside it.
Ingest live() {
    Ingest in = ingest();
    CHECK(in.packet(Kind::Video, picture(1, 1000, vp8Key(640, 360)), 1000) == Ingest::Forward);
    CHECK(in.packet(Kind::Audio, sound(1, 1000), 1000) == Ingest::Forward);
    CHECK(types(in.media(1000)) == "SK");
    return in;
}

}  // namespace

TEST_CASE("packets are told apart") {
    Ingest in = live();
    struct Row {
        const char* what;
        Kind kind;
        Bytes bytes;
        Ingest::Verdict verdict;
    };
    Bytes compound = senderReport(kVideo, 1, 2, 3);
    append(compound, fromHex("81cb0001 000000a1"));
    Bytes reversed = fromHex("81cb0001 000000a1");
    append(reversed, senderReport(kVideo, 1, 2, 3));
    const Row rows[] = {
        {"the next picture", Kind::Video, picture(2, 1033, vp8Delta()), Ingest::Forward},
        {"the same again", Kind::Video, picture(2, 1033, vp8Delta()), Ingest::Drop},
        {"another payload type", Kind::Video, sound(2, 1020), Ingest::Drop},
        {"a probe", Kind::Video, fromHex("a060 0003 00000000 000000a1 00000004"), Ingest::Forward},
        {"nothing", Kind::Video, {}, Ingest::Drop},
        {"no RTP", Kind::Audio, fromHex("0001 0203"), Ingest::Drop},
        {"more than a datagram of media", Kind::Video, picture(4, 1066, Bytes(5000, 0x10)), Ingest::Drop},
        {"a sender report", Kind::Video, senderReport(kVideo, 1, 2, 3), Ingest::Report},
        {"one of the other track", Kind::Video, senderReport(kAudio, 1, 2, 3), Ingest::Drop},
        {"one of a stranger", Kind::Audio, senderReport(7, 1, 2, 3), Ingest::Drop},
        {"a receiver report", Kind::Video, fromHex("80c90001 000000a1"), Ingest::Drop},
        {"a BYE", Kind::Audio, fromHex("81cb0001 000000b2"), Ingest::Bye},
        {"a BYE of the other track", Kind::Audio, fromHex("81cb0001 000000a1"), Ingest::Drop},
        {"a report and a BYE", Kind::Video, compound, Ingest::Bye},
        {"a BYE and a report", Kind::Video, reversed, Ingest::Bye},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(in.packet(row.kind, row.bytes, 1040) == row.verdict);
    }
}

TEST_CASE("a kind that was not agreed on is dropped") {
    Ingest in{{{.kind = Kind::Audio, .codec = Codec::Opus, .payloadType = 111, .clockRate = 48000}}};
    CHECK(in.packet(Kind::Video, picture(1, 0, vp8Key(64, 48)), 0) == Ingest::Drop);
    CHECK(in.packet(Kind::Audio, sound(1, 0), 0) == Ingest::Forward);
    CHECK(types(in.media(0)) == "SK");
    CHECK(sentFor(Kind::Video, in.feedback(0)) == "");
}

TEST_CASE("reports go out each second, and nothing without a need") {
    Ingest in = live();
    CHECK(sentFor(Kind::Video, in.feedback(1000)) == "RR REMB");
    CHECK(sentFor(Kind::Audio, in.feedback(1050)) == "");
    const auto later = in.feedback(2000);
    CHECK(sentFor(Kind::Video, later) == "RR REMB");
    CHECK(sentFor(Kind::Audio, later) == "RR");
    CHECK(ingest().feedback(5000).empty());
}

TEST_CASE("at the beginning the sender is told four times a second how much it may send") {
    Ingest in = live();
    (void)in.feedback(1000);
    for (double now = 1250; now <= 2750; now += 250) {
        CHECK(sentFor(Kind::Video, in.feedback(now - 50)) == "");
        CHECK(sentFor(Kind::Video, in.feedback(now)) == "RR REMB");
    }
    CHECK(sentFor(Kind::Video, in.feedback(2999)) == "");
}

TEST_CASE("on a way that is full nothing is asked for again, and key frames more rarely") {
    Ingest in = live();
    (void)in.feedback(1000);
    in.packet(Kind::Audio, sound(2, 1020), 1300);  // 280 ms late
    in.packet(Kind::Audio, sound(4, 1060), 1310);
    in.packet(Kind::Video, picture(3, 1066, vp8Delta()), 1310);
    CHECK(asked(in.feedback(1311)) == "");
    CHECK(sentFor(Kind::Audio, in.feedback(1312)) == "");
    in.requestKeyframe();
    CHECK(asked(in.feedback(2950)) == "");
    CHECK(asked(in.feedback(3000)) == "PLI");
}

TEST_CASE("a key frame is asked for each 2 s, unless one comes by itself") {
    Ingest in = live();
    (void)in.feedback(2950);
    CHECK(sentFor(Kind::Video, in.feedback(2999)) == "");
    CHECK(sentFor(Kind::Video, in.feedback(3000)) == "- PLI");
    CHECK(sentFor(Kind::Video, in.feedback(3050)) == "");
    in.packet(Kind::Video, picture(2, 3100, vp8Key(640, 360)), 3100);
    (void)in.feedback(5000);
    CHECK(sentFor(Kind::Video, in.feedback(5050)) == "");
    CHECK(sentFor(Kind::Video, in.feedback(5100)) == "- PLI");
}

TEST_CASE("a key frame that someone needs is asked for twice a second at most") {
    Ingest in = live();
    (void)in.feedback(1050);
    in.requestKeyframe();
    CHECK(asked(in.feedback(1499)) == "");
    CHECK(asked(in.feedback(1500)) == "PLI");
    CHECK(asked(in.feedback(1999)) == "");
    (void)in.feedback(2060);
    CHECK(asked(in.feedback(2100)) == "");
}

TEST_CASE("a key frame is asked for when the recorder could not use the last") {
    Ingest in = live();
    (void)in.feedback(1000);
    in.packet(Kind::Video, picture(2, 1100, vp8Key(360, 640)), 1100);  // another size, too soon after the first
    CHECK(asked(in.feedback(1600)) == "PLI");
}

TEST_CASE("what waited behind a hole is not lost when the encoder starts over") {
    Ingest in = ingest();
    in.packet(Kind::Audio, sound(1, 1000), 1000);
    in.packet(Kind::Audio, sound(3, 1040), 1040);
    in.packet(Kind::Audio, sound(500, 7, 0xc3), 1060);
    CHECK(in.stats().audio->lost == 1);
    std::size_t frames = 0;
    for (const Item& item : in.end(1060)) {
        for (std::size_t at = 0; at + 3 <= item.bytes.size(); ++at) {
            if (item.type == Item::Data && toHex(View{item.bytes}.subspan(at, 3)) == "fc0102") ++frames;
        }
    }
    CHECK(frames == 3);
}

TEST_CASE("a lost packet is asked for; given up, a key frame is") {
    Ingest in = live();
    (void)in.feedback(1000);
    in.packet(Kind::Video, picture(3, 1066, vp8Delta()), 1066);
    CHECK(asked(in.feedback(1070)) == "NACK");
    CHECK(asked(in.feedback(1100)) == "");
    CHECK(asked(in.feedback(1130)) == "NACK");
    CHECK(types(in.media(1265)) == "");
    CHECK(types(in.media(1266)) == "");  // what comes after the hole cannot be shown
    CHECK(in.stats().video->gaps == 1);
    CHECK(asked(in.feedback(1501)) == "NACK PLI");
    in.packet(Kind::Video, picture(4, 1533, vp8Delta()), 1533);
    CHECK(types(in.media(1533)) == "");
    in.packet(Kind::Video, picture(5, 1566, vp8Key(640, 360)), 1566);
    CHECK(types(in.media(1566)) == "K");
    CHECK(sentFor(Kind::Video, in.feedback(2100)) == "RR REMB");
}

TEST_CASE("a lost packet that comes in time is put in its place") {
    Ingest in = live();
    in.packet(Kind::Video, picture(3, 1066, vp8Delta()), 1066);
    CHECK(types(in.media(1100)) == "");
    (void)in.feedback(1100);
    CHECK(in.packet(Kind::Video, picture(2, 1033, vp8Delta()), 1150) == Ingest::Forward);
    const auto items = in.media(1150);
    REQUIRE(items.size() == 1);
    CHECK(items[0].ms == 33);
    CHECK(in.stats().video->recovered == 1);
    CHECK(in.stats().video->gaps == 0);
}

TEST_CASE("the SSRC is learned, and an encoder that starts over may take another") {
    Ingest in = live();
    CHECK(in.packet(Kind::Video, picture(9000, 77, vp8Key(640, 360), 0xc3), 1100) == Ingest::Forward);
    CHECK(in.packet(Kind::Video, picture(2, 1033, vp8Delta()), 1101) == Ingest::Drop);  // a straggler of the old one
    CHECK(in.packet(Kind::Video, picture(9001, 110, vp8Delta(), 0xc3), 1133) == Ingest::Forward);
    const auto items = in.media(1133);
    REQUIRE(types(items) == "K");
    CHECK(items[0].ms == 100);
    CHECK(in.stats().video->restarts == 1);
    CHECK(in.stats().video->packets == 3);
    // The reports are about the new one.
    const auto feedback = in.feedback(1150);
    REQUIRE_FALSE(feedback.empty());
    CHECK(readU32(feedback[0].bytes, 8) == 0xc3);
    CHECK(in.packet(Kind::Video, senderReport(0xc3, 1, 2, 3), 1150) == Ingest::Report);
    CHECK(in.packet(Kind::Video, senderReport(kVideo, 1, 2, 3), 1150) == Ingest::Drop);
}

TEST_CASE("a count that jumps goes on in the same run, from the next key frame") {
    Ingest in = live();
    CHECK(in.packet(Kind::Video, picture(30000, 50000, vp8Delta()), 1033) == Ingest::Drop);
    CHECK(in.packet(Kind::Video, picture(30001, 50033, vp8Key(640, 360)), 1066) == Ingest::Forward);
    CHECK(in.packet(Kind::Video, picture(30002, 50066, vp8Delta()), 1100) == Ingest::Forward);
    const auto items = in.media(1100);
    REQUIRE(types(items) == "K");
    CHECK(items[0].ms == 66);
}

TEST_CASE("all numbers may wrap") {
    Ingest in{{{.kind = Kind::Video, .codec = Codec::Vp8, .payloadType = 96, .clockRate = 90000}}};
    std::uint32_t timestamp = 0xffffffff - 45000;
    std::int64_t last = -1;
    for (int i = 0; i < 100; ++i, timestamp += 3000) {
        const Header header{.sequence = (65500 + i) & 0xffff, .timestamp = timestamp, .marker = true};
        const double now = i * 1000 / 30.0;
        CHECK(in.packet(Kind::Video, rtpPacket(header, i ? vp8Delta() : vp8Key(64, 48)), now) == Ingest::Forward);
        for (const Item& item : in.media(now)) {
            if (item.type != Item::Data) continue;
            CHECK(item.ms > last);
            last = item.ms;
        }
    }
    CHECK(last == 3300);
    CHECK(in.stats().video->lost == 0);
}

TEST_CASE("the end gives the rest, and nothing comes after it") {
    Ingest in = live();
    in.packet(Kind::Audio, sound(3, 1040), 1040);
    CHECK(types(in.media(1040)) == "");
    CHECK(types(in.end(1050)) == "DE");
    CHECK(types(in.end(1060)) == "");
    CHECK(in.packet(Kind::Audio, sound(4, 1060), 1060) == Ingest::Drop);
    CHECK(types(in.media(5000)) == "");
    CHECK(in.feedback(5000).empty());
    CHECK(types(ingest().end(0)) == "");
}

TEST_CASE("silence is measured from the last packet, or the first call") {
    Ingest in = ingest();
    (void)in.media(5000);
    (void)in.media(6000);
    CHECK(in.stats().silentMs == 1000);
    in.packet(Kind::Audio, sound(1, 0), 7000);
    (void)in.feedback(7250);
    CHECK(in.stats().silentMs == 250);
}

TEST_CASE("pictures that come without a key frame are waited for") {
    Ingest in = ingest();
    in.packet(Kind::Audio, sound(1, 0), 0);
    for (int i = 0; i < 40; ++i) in.packet(Kind::Video, picture(i, i * 100, vp8Delta()), i * 100);
    CHECK(types(in.media(4500)) == "");
    CHECK(types(in.media(5000)) == "SK");
}

TEST_CASE("lips meet the voice once both have reported") {
    Ingest in = ingest();
    double late = 0;  // how much later the sound is than the picture
    for (int i = 0; i < 200; ++i) {
        // Captured together, but the sound takes 120 ms longer to come.
        const double captured = i * 40;
        in.packet(Kind::Video, picture(i, captured, i ? vp8Delta() : vp8Key(640, 360)), 1000 + captured);
        const auto pictures = in.media(1000 + captured);
        in.packet(Kind::Audio, sound(i, captured), 1120 + captured);
        const auto sounds = in.media(1120 + captured);
        if (i == 0) continue;
        REQUIRE(pictures.size() == 1);
        REQUIRE(sounds.size() == 1);
        late = static_cast<double>(sounds[0].ms - pictures[0].ms);
        if (i < 50) CHECK(late == 120);
        if (i != 50) continue;
        in.packet(Kind::Video, senderReport(kVideo, 100, 0, 90000), 1120 + captured);  // a second after the start
        in.packet(Kind::Audio, senderReport(kAudio, 101, 0, 2 * 48000), 1120 + captured);
    }
    CHECK(std::abs(late) <= 1);
}
