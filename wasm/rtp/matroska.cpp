#include "rtp/matroska.hpp"

#include <bit>
#include <string_view>

namespace rtp {
namespace {

constexpr std::int64_t kMaxClusterMs = 5000;
// A block's time is 16 signed bits from its cluster's (RFC 9559 10.2).
constexpr std::int64_t kMinBlockMs = -32768;

// Element IDs (RFC 9559 5.1); they carry their own length.
enum Id : std::uint32_t {
    Ebml = 0x1A45DFA3,
    EbmlVersion = 0x4286,
    EbmlReadVersion = 0x42F7,
    EbmlMaxIdLength = 0x42F2,
    EbmlMaxSizeLength = 0x42F3,
    DocType = 0x4282,
    DocTypeVersion = 0x4287,
    DocTypeReadVersion = 0x4285,
    Segment = 0x18538067,
    Info = 0x1549A966,
    TimestampScale = 0x2AD7B1,
    MuxingApp = 0x4D80,
    WritingApp = 0x5741,
    Tracks = 0x1654AE6B,
    TrackEntry = 0xAE,
    TrackNumber = 0xD7,
    TrackUid = 0x73C5,
    TrackType = 0x83,
    FlagLacing = 0x9C,
    CodecId = 0x86,
    CodecPrivate = 0x63A2,
    Video = 0xE0,
    PixelWidth = 0xB0,
    PixelHeight = 0xBA,
    Audio = 0xE1,
    SamplingFrequency = 0xB5,
    Channels = 0x9F,
    Cluster = 0x1F43B675,
    Timestamp = 0xE7,
    SimpleBlock = 0xA3,
};

void appendId(Bytes& to, Id id) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        if (id >> shift) appendU8(to, id >> shift);
    }
}

// RFC 8794 4: as many leading zeros as there are further bytes. All ones would mean "unknown".
void appendSize(Bytes& to, std::uint64_t size) {
    int length = 1;
    while (size >= (std::uint64_t{1} << (7 * length)) - 1) ++length;
    size |= std::uint64_t{1} << (7 * length);
    while (length-- > 0) appendU8(to, static_cast<std::uint32_t>(size >> (8 * length)));
}

void appendUnknownSize(Bytes& to) {
    appendU8(to, 0x01);
    appendU8(to, 0xff);
    appendU16(to, 0xffff);
    appendU32(to, 0xffffffff);
}

void appendElement(Bytes& to, Id id, View body) {
    appendId(to, id);
    appendSize(to, body.size());
    append(to, body);
}

void appendNumber(Bytes& to, Id id, std::uint64_t value) {
    Bytes body;
    for (int shift = 56; shift >= 0; shift -= 8) {
        if (value >> shift || shift == 0) appendU8(body, static_cast<std::uint32_t>(value >> shift));
    }
    appendElement(to, id, body);
}

void appendFloat(Bytes& to, Id id, float value) {
    Bytes body;
    appendU32(body, std::bit_cast<std::uint32_t>(value));
    appendElement(to, id, body);
}

void appendText(Bytes& to, Id id, std::string_view text) {
    const Bytes body{text.begin(), text.end()};
    appendElement(to, id, body);
}

// RFC 7845 5.1: version 1, two channels, no pre-skip, 48000 Hz, no gain, channel mapping 0.
Bytes opusHead() {
    constexpr std::string_view kMagic = "OpusHead";
    Bytes head{kMagic.begin(), kMagic.end()};
    append(head, Bytes{1, 2, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0});
    return head;
}

Bytes track(std::uint64_t number, std::uint64_t type, std::string_view codec, View config) {
    Bytes entry;
    appendNumber(entry, TrackNumber, number);
    appendNumber(entry, TrackUid, number);
    appendNumber(entry, TrackType, type);
    appendNumber(entry, FlagLacing, 0);
    appendText(entry, CodecId, codec);
    if (!config.empty()) appendElement(entry, CodecPrivate, config);
    return entry;
}

Bytes videoEntry(const VideoTrack& video) {
    Bytes entry = track(1, 1, video.codec == Codec::H264 ? "V_MPEG4/ISO/AVC" : "V_VP8", video.config);
    Bytes picture;
    appendNumber(picture, PixelWidth, static_cast<std::uint64_t>(video.size.width));
    appendNumber(picture, PixelHeight, static_cast<std::uint64_t>(video.size.height));
    appendElement(entry, Video, picture);
    return entry;
}

Bytes audioEntry() {
    Bytes entry = track(2, 2, "A_OPUS", opusHead());
    Bytes sound;
    appendFloat(sound, SamplingFrequency, 48000);
    appendNumber(sound, Channels, 2);
    appendElement(entry, Audio, sound);
    return entry;
}

}  // namespace

Bytes matroskaHeader(const std::optional<VideoTrack>& video, bool audio) {
    Bytes ebml;
    appendNumber(ebml, EbmlVersion, 1);
    appendNumber(ebml, EbmlReadVersion, 1);
    appendNumber(ebml, EbmlMaxIdLength, 4);
    appendNumber(ebml, EbmlMaxSizeLength, 8);
    appendText(ebml, DocType, "matroska");
    appendNumber(ebml, DocTypeVersion, 4);
    appendNumber(ebml, DocTypeReadVersion, 2);

    Bytes info;
    appendNumber(info, TimestampScale, 1000000);  // times are milliseconds
    appendText(info, MuxingApp, "vigil");
    appendText(info, WritingApp, "vigil");

    Bytes tracks;
    if (video) appendElement(tracks, TrackEntry, videoEntry(*video));
    if (audio) appendElement(tracks, TrackEntry, audioEntry());

    Bytes header;
    appendElement(header, Ebml, ebml);
    appendId(header, Segment);
    appendUnknownSize(header);
    appendElement(header, Info, info);
    appendElement(header, Tracks, tracks);
    return header;
}

MatroskaWriter::Block MatroskaWriter::write(Kind kind, const AccessUnit& unit, std::int64_t ms) {
    Block block{};
    block.bytes.reserve(unit.data.size() + 32);
    const bool keyPicture = kind == Kind::Video && unit.key;
    if (!cluster_ || keyPicture || ms - *cluster_ >= kMaxClusterMs || ms - *cluster_ < kMinBlockMs) {
        block.startsCluster = true;
        cluster_ = ms;
        appendId(block.bytes, Cluster);
        appendUnknownSize(block.bytes);
        appendNumber(block.bytes, Timestamp, static_cast<std::uint64_t>(ms));
    }
    appendId(block.bytes, SimpleBlock);
    appendSize(block.bytes, unit.data.size() + 4);
    appendU8(block.bytes, kind == Kind::Video ? 0x81 : 0x82);
    appendU16(block.bytes, static_cast<std::uint32_t>(ms - *cluster_));
    appendU8(block.bytes, unit.key ? 0x80 : 0);
    append(block.bytes, unit.data);
    return block;
}

}  // namespace rtp
