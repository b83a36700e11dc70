#include "rtp/packet.hpp"

#include <doctest/doctest.h>

#include "rtp/packets.hpp"

using namespace rtp;

namespace {

struct Row {
    const char* what;
    const char* packet;
    const char* payload;
};

constexpr const char* kPlain = "80e0 1234 01020304 a1a2a3a4";

}  // namespace

TEST_CASE("the header is read field by field") {
    const auto bytes = fromHex("80e0 1234 01020304 a1a2a3a4 0506");
    const auto packet = parsePacket(bytes);
    REQUIRE(packet);
    CHECK(packet->marker);
    CHECK(packet->payloadType == 96);
    CHECK(packet->sequence == 0x1234);
    CHECK(packet->timestamp == 0x01020304);
    CHECK(packet->ssrc == 0xa1a2a3a4);
    CHECK(toHex(packet->payload) == "0506");
}

TEST_CASE("the payload lies between CSRCs, extension and padding") {
    const Row rows[] = {
        {"nothing", "8060 0001 00000000 00000001", ""},
        {"two CSRCs", "8260 0001 00000000 00000001 11111111 22222222 0a", "0a"},
        {"an extension", "9060 0001 00000000 00000001 bede0001 10aa0000 0a0b", "0a0b"},
        {"an empty extension", "9060 0001 00000000 00000001 bede0000 0a", "0a"},
        {"padding", "a060 0001 00000000 00000001 0a0b 000003", "0a0b"},
        {"a probe", "a060 0001 00000000 00000001 00000004", ""},
        {"everything", "b160 0001 00000000 00000001 11111111 bede0001 10aa0000 0c 01", "0c"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        const auto bytes = fromHex(row.packet);
        const auto packet = parsePacket(bytes);
        REQUIRE(packet);
        CHECK(toHex(packet->payload) == row.payload);
    }
}

TEST_CASE("what does not fit is no packet") {
    const Row rows[] = {
        {"nothing", "", ""},
        {"version 1", "4060 0001 00000000 00000001 0a", ""},
        {"eleven bytes", "8060 0001 00000000 000000", ""},
        {"fewer CSRCs than counted", "8260 0001 00000000 00000001 11111111", ""},
        {"half an extension header", "9060 0001 00000000 00000001 bede", ""},
        {"a shorter extension than it says", "9060 0001 00000000 00000001 bede0002 10aa0000", ""},
        {"padding that counts nothing", "a060 0001 00000000 00000001 0a00", ""},
        {"more padding than packet", "a060 0001 00000000 00000001 0a03", ""},
        {"padding without a byte for it", "a060 0001 00000000 00000001", ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        const auto bytes = fromHex(row.packet);
        CHECK_FALSE(parsePacket(bytes));
    }
}

TEST_CASE("RTCP is told from RTP by its second byte") {
    CHECK(isRtcp(fromHex("80c80006")));
    CHECK(isRtcp(fromHex("80c00000")));
    CHECK(isRtcp(fromHex("80df0000")));
    CHECK_FALSE(isRtcp(fromHex("80e00000")));
    CHECK_FALSE(isRtcp(fromHex("80600000")));
    CHECK_FALSE(isRtcp(fromHex("80c800")));
}

TEST_CASE("a compound is split up to what does not fit") {
    const auto compound = fromHex("81c90007 00000001 00000002 00000000 00000000 00000000 00000000 00000000 80cb0000");
    const auto packets = splitRtcp(compound);
    REQUIRE(packets.size() == 2);
    CHECK(packets[0].size() == 32);
    CHECK(packets[1].size() == 4);
    CHECK(splitRtcp(View{compound}.first(35)).size() == 1);
    CHECK(splitRtcp(View{compound}.first(31)).empty());
    CHECK(splitRtcp(fromHex("00c90000")).empty());
}

TEST_CASE("a sender report tells one instant in two clocks") {
    const auto bytes = senderReport(5, 3'900'000'000, 0x80000000, 90000);
    const auto report = readSenderReport(bytes);
    REQUIRE(report);
    CHECK(report->ssrc == 5);
    CHECK(report->ntpMs == 3'900'000'000'500.0);
    CHECK(report->ntpMiddle == ((3'900'000'000u << 16) | 0x8000u));
    CHECK(report->timestamp == 90000);
    CHECK_FALSE(readSenderReport(View{bytes}.first(24)));
    CHECK_FALSE(readSenderReport(fromHex("81c90006 00000001 00000000 00000000 00000000 00000000 00000000")));
}

TEST_CASE("a BYE is for the sources it names") {
    const auto bye = fromHex("82cb0002 00000005 00000006");
    CHECK(isByeOf(bye, 5));
    CHECK(isByeOf(bye, 6));
    CHECK_FALSE(isByeOf(bye, 7));
    CHECK_FALSE(isByeOf(fromHex("9fcb0001 00000005"), 0));
    CHECK_FALSE(isByeOf(fromHex("80cb0000"), 5));
    CHECK_FALSE(isByeOf(fromHex("81c90001 00000005"), 5));
}

TEST_CASE("a viewer gets another payload type and SSRC, and the marker stays") {
    CHECK(toHex(forwardRtp(fromHex(kPlain), 102, 0xb1b2b3b4)) ==
          "80e61234"
          "01020304"
          "b1b2b3b4");
    CHECK(toHex(forwardRtp(fromHex("8060 1234 01020304 a1a2a3a4 ff"), 102, 1)) ==
          "80661234"
          "01020304"
          "00000001"
          "ff");
    CHECK(forwardRtp(fromHex("80e0"), 102, 1).empty());
}

TEST_CASE("a viewer gets the sender report alone") {
    const auto report = senderReport(5, 1, 2, 3);
    auto compound = report;
    compound[0] = 0x81;
    compound[3] = 12;
    append(compound, Bytes(24, 0x77));
    append(compound, fromHex("81ca0002 00000005 01000000"));
    auto expected = report;
    expected[7] = 9;
    CHECK(toHex(forwardSr(compound, 9)) == toHex(expected));
    CHECK(forwardSr(fromHex("81cb0001 00000005"), 9).empty());
}

TEST_CASE("no prefix of a packet is read past its end") {
    const Bytes packets[] = {fromHex("b160 0001 00000000 00000001 11111111 bede0001 10aa0000 0c 01"),
                             senderReport(1, 2, 3, 4), fromHex("82cb0002 00000005 00000006")};
    for (const Bytes& packet : packets) {
        for (std::size_t size = 0; size <= packet.size(); ++size) {
            const Bytes exact{packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(size)};
            (void)parsePacket(exact);
            (void)readSenderReport(exact);
            (void)isByeOf(exact, 6);
            (void)forwardRtp(exact, 1, 1);
            (void)forwardSr(exact, 1);
        }
    }
}
