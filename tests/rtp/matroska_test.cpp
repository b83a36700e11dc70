#include "rtp/matroska.hpp"

#include <doctest/doctest.h>

#include "rtp/packets.hpp"

using namespace rtp;

namespace {

const std::string kEbml =
    "1a45dfa3a3"
    "42868101"
    "42f78101"
    "42f28104"
    "42f38108"
    "4282886d6174726f736b61"
    "42878104"
    "42858102";
const std::string kInfo =
    "1549a96697"
    "2ad7b1830f4240"
    "4d8085766967696c"
    "574185766967696c";
const std::string kSegment =
    "18538067"
    "01ffffffffffffff";
const std::string kAudio =
    "aeb6"
    "d78102"
    "73c58102"
    "838102"
    "9c8100"
    "8686415f4f505553"
    "63a2934f70757348656164"
    "0102000080bb0000000000"
    "e189b584473b8000"
    "9f8102";

std::string withoutBlanks(std::string text) {
    std::erase(text, ' ');
    return text;
}

AccessUnit unit(bool key, const char* data) { return {.key = key, .data = fromHex(data)}; }

}  // namespace

TEST_CASE("the header of a VP8 and Opus stream, byte by byte") {
    const std::string video =
        "ae9e"
        "d78101"
        "73c58101"
        "838101"
        "9c8100"
        "8685565f565038"
        "e088b0820280ba820168";
    CHECK(toHex(matroskaHeader(VideoTrack{Codec::Vp8, {640, 360}, {}}, true)) ==
          withoutBlanks(kEbml + kSegment + kInfo + "1654ae6bd8" + video + kAudio));
}

TEST_CASE("H.264 carries its avcC") {
    const std::string video =
        "aeaf"
        "d78101"
        "73c58101"
        "838101"
        "9c8100"
        "868f565f4d504547342f49534f2f415643"
        "63a2840142c01e"
        "e088b0820780ba820438";
    CHECK(toHex(matroskaHeader(VideoTrack{Codec::H264, {1920, 1080}, fromHex("0142c01e")}, false)) ==
          withoutBlanks(kEbml + kSegment + kInfo + "1654ae6bb1" + video));
}

TEST_CASE("sound alone has one track") {
    CHECK(toHex(matroskaHeader({}, true)) == withoutBlanks(kEbml + kSegment + kInfo + "1654ae6bb8" + kAudio));
}

TEST_CASE("blocks are written into clusters, a new one at each key picture and after 5 s") {
    struct Row {
        Kind kind;
        bool key;
        std::int64_t ms;
        const char* bytes;
    };
    const std::string cluster =
        "1f43b675"
        "01ffffffffffffff";
    MatroskaWriter writer;
    const Row rows[] = {
        {Kind::Audio, true, 0, "+e78100 a386 82 0000 80 aabb"},
        {Kind::Video, true, 7, "+e78107 a386 81 0000 80 aabb"},
        {Kind::Audio, true, 5, "a386 82 fffe 80 aabb"},
        {Kind::Video, false, 40, "a386 81 0021 00 aabb"},
        {Kind::Audio, true, 5006, "a386 82 1387 80 aabb"},
        {Kind::Audio, true, 5007, "+e782138f a386 82 0000 80 aabb"},
        {Kind::Video, false, 4900, "a386 81 ff95 00 aabb"},
        {Kind::Video, true, 70000, "+e783011170 a386 81 0000 80 aabb"},
        {Kind::Audio, true, 70000 - 32768, "a386 82 8000 80 aabb"},
        {Kind::Audio, true, 70000 - 32769, "+e782916f a386 82 0000 80 aabb"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.ms);
        const std::string bytes = row.bytes;
        const bool starts = bytes[0] == '+';
        const auto block = writer.write(row.kind, unit(row.key, "aabb"), row.ms);
        CHECK(block.startsCluster == starts);
        CHECK(toHex(block.bytes) == withoutBlanks(starts ? cluster + bytes.substr(1) : bytes));
    }
}

TEST_CASE("sizes take as many bytes as they need, and never look unknown") {
    struct Row {
        std::size_t data;
        const char* head;
    };
    const Row rows[] = {
        {122, "a3fe"}, {123, "a3407f"}, {16378, "a37ffe"}, {16379, "a3203fff"}, {3'000'000, "a3102dc6c4"}};
    for (const Row& row : rows) {
        CAPTURE(row.data);
        MatroskaWriter writer;
        (void)writer.write(Kind::Audio, unit(true, ""), 0);
        const auto block = writer.write(Kind::Audio, {.key = true, .data = Bytes(row.data)}, 1);
        CHECK(toHex(View{block.bytes}.first(std::string_view{row.head}.size() / 2)) == row.head);
    }
}
