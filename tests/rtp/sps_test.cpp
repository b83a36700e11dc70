#include "rtp/sps.hpp"

#include <doctest/doctest.h>

#include "rtp/packets.hpp"

using namespace rtp;

namespace {

// Writes an SPS bit by bit, for what no encoder at hand makes.
class Bits {
public:
    Bits& bit(std::uint32_t value) {
        if (count_++ % 8 == 0) bytes_.push_back(0);
        if (value) bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | 1u << (7 - (count_ - 1) % 8));
        return *this;
    }
    Bits& golomb(std::uint32_t value) {
        int length = 0;
        while ((value + 1) >> (length + 1)) ++length;
        for (int i = 0; i < length; ++i) bit(0);
        for (int i = length; i >= 0; --i) bit((value + 1) >> i & 1);
        return *this;
    }
    Bytes nal(const char* start) {
        Bytes nal = fromHex(start);
        bytes_.push_back(0x80);
        int zeros = 0;
        for (const std::uint8_t byte : bytes_) {
            if (zeros >= 2 && byte <= 3) {
                nal.push_back(3);  // emulation prevention, 7.4.1.1
                zeros = 0;
            }
            nal.push_back(byte);
            zeros = byte ? 0 : zeros + 1;
        }
        return nal;
    }

private:
    Bytes bytes_;
    int count_ = 0;
};

}  // namespace

TEST_CASE("the size of x264's streams is read, cropping included") {
    struct Row {
        const char* what;
        const char* sps;
        Size size;
        int chromaFormat, depth;
    };
    const Row rows[] = {
        {"baseline", "6742c01ed900a02ff970110000030001000003003c0f162e48", {640, 360}, 1, 8},
        {"high", "67640028acd940780227e5c044000003000400000300f03c60c658", {1920, 1080}, 1, 8},
        {"main, upright", "674d4028eca02201e3cbe022000003000200000300781e30632c", {1080, 1920}, 1, 8},
        {"high 4:2:2", "677a001fbcd9405005bb0110000003001000000303c0f1831960", {1280, 720}, 2, 8},
        {"high 4:4:4", "67f4001f919b281b07bc5f8088000003000800000301e078c18cb0", {854, 480}, 3, 8},
        {"high 10", "676e001fa6cd940b4126c044000003000400000300f03c60c658", {720, 576}, 1, 10},
        {"interlaced", "67640028acd94078044fde0220000003002000000783e2c5b2c0", {1920, 1080}, 1, 8},
        {"monochrome", "6764000bf3650b13b016c8000003000800000301e078a14cb0", {176, 144}, 0, 8},
        {"4K", "67640033acd9403c0043ec0440000003004000000f03c60c6580", {3840, 2160}, 1, 8},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        const auto sps = parseSps(fromHex(row.sps));
        REQUIRE(sps);
        CHECK(sps->size.width == row.size.width);
        CHECK(sps->size.height == row.size.height);
        CHECK(sps->chromaFormat == row.chromaFormat);
        CHECK(sps->lumaDepth == row.depth);
        CHECK(sps->chromaDepth == row.depth);
    }
}

TEST_CASE("scaling lists are skipped") {
    Bits bits;
    bits.golomb(0).golomb(1).golomb(0).golomb(0).bit(0).bit(1);
    // A list of 16 with every step written, one that ends early (8 - 8 = 0), six that are not there.
    bits.bit(1);
    for (int i = 0; i < 16; ++i) bits.golomb(1);
    bits.bit(1).golomb(16);
    for (int i = 0; i < 6; ++i) bits.bit(0);
    bits.golomb(0).golomb(2).golomb(1).bit(0).golomb(19).golomb(10).bit(1).bit(1).bit(0).bit(0);
    const auto sps = parseSps(bits.nal("6764001e"));
    REQUIRE(sps);
    CHECK(sps->size == Size{320, 176});
}

TEST_CASE("picture order type 1 is skipped") {
    Bits bits;
    bits.golomb(0).golomb(0).golomb(1).bit(0).golomb(3).golomb(4).golomb(2).golomb(7).golomb(8);
    bits.golomb(1).bit(0).golomb(9).golomb(9).bit(1).bit(1).bit(1).golomb(1).golomb(2).golomb(3).golomb(0).bit(0);
    const auto sps = parseSps(bits.nal("6742001e"));
    REQUIRE(sps);
    CHECK(sps->size == Size{160 - 2 * 3, 160 - 2 * 3});
}

TEST_CASE("emulation prevention bytes are no part of the numbers") {
    Bits bits;
    bits.golomb(0).golomb(0).golomb(2).golomb(0x3ffffff).bit(0).golomb(19).golomb(10).bit(1).bit(1).bit(0).bit(0);
    const Bytes nal = bits.nal("6742001e");
    REQUIRE(toHex(nal).find("000003") != std::string::npos);
    const auto sps = parseSps(nal);
    REQUIRE(sps);
    CHECK(sps->size == Size{320, 176});
}

TEST_CASE("no possible picture is no SPS") {
    const auto picture = [](std::uint32_t columns, std::uint32_t rows, std::uint32_t crop) {
        Bits bits;
        bits.golomb(0).golomb(0).golomb(2).golomb(1).bit(0).golomb(columns - 1).golomb(rows - 1).bit(1).bit(1);
        bits.bit(1).golomb(crop).golomb(crop).golomb(0).golomb(0).bit(0);
        return bits.nal("6742001e");
    };
    CHECK(parseSps(picture(10, 10, 39)));
    CHECK_FALSE(parseSps(picture(10, 10, 40)));
    CHECK_FALSE(parseSps(picture(10, 10, 0x7ffffffe)));
    CHECK(parseSps(picture(1024, 1024, 0)));
    CHECK_FALSE(parseSps(picture(1025, 10, 0)));
    CHECK_FALSE(parseSps(picture(10, 0x7fffffff, 0)));
    CHECK_FALSE(parseSps(fromHex("6742c01e 00000000 00000000 00000000")));
    CHECK_FALSE(parseSps(fromHex("6842c01ed900a02ff9")));
}

TEST_CASE("a cut SPS is none") {
    const auto whole = fromHex("6742c01ed900a02ff970110000030001000003003c0f162e48");
    for (std::size_t size = 0; size < 9; ++size) {
        CAPTURE(size);
        CHECK_FALSE(parseSps(Bytes{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}));
    }
}

TEST_CASE("random bytes after an SPS header give a sane size or none") {
    Random random{7};
    for (int i = 0; i < 20000; ++i) {
        Bytes nal = fromHex(i % 2 ? "6764001e" : "6742001e");
        const std::uint32_t size = random.below(40);
        for (std::uint32_t j = 0; j < size; ++j) appendU8(nal, random.next() >> 8 & (i % 3 ? 0xffu : 0x11u));
        const auto sps = parseSps(nal);
        if (!sps) continue;
        REQUIRE(sps->size.width > 0);
        REQUIRE(sps->size.width <= 16384);
        REQUIRE(sps->size.height > 0);
        REQUIRE(sps->size.height <= 32768);
    }
}

TEST_CASE("a PPS tells its number") {
    CHECK(parsePpsNumber(fromHex("68cb83cb20")) == 0);
    CHECK(parsePpsNumber(fromHex("6840")) == 1);
    CHECK(parsePpsNumber(fromHex("6828")) == 4);
    CHECK(parsePpsNumber(fromHex("68008000")) == 255);
    CHECK_FALSE(parsePpsNumber(fromHex("68008080")));
    CHECK_FALSE(parsePpsNumber(fromHex("68")));
    CHECK_FALSE(parsePpsNumber(fromHex("680000000000000000")));
    CHECK_FALSE(parsePpsNumber(fromHex("67cb")));
}

TEST_CASE("avcC holds the parameter sets, and of high profiles the chroma format") {
    const auto baseline = fromHex("6742c01ed900a02ff970110000030001000003003c0f162e48");
    const auto pps = fromHex("68cb83cb20");
    CHECK(toHex(decoderConfig(baseline, {pps})) == "0142c01effe10019" + toHex(baseline) + "010005" + toHex(pps));
    const auto high10 = fromHex("676e001fa6cd940b4126c044000003000400000300f03c60c658");
    CHECK(toHex(decoderConfig(high10, {pps, pps})) ==
          "016e001fffe1001a" + toHex(high10) + "020005" + toHex(pps) + "0005" + toHex(pps) + "fdfafa00");
}
