#include "rtp/ingest_json.hpp"

#include <cmath>

#include "core/reader.hpp"

namespace rtp {
namespace {

using core::Json;

std::uint32_t readNumber(core::Reader& in, const char* key, double most, double otherwise) {
    const double value = in.maybeNumber(key).value_or(otherwise);
    if (value >= 0 && value <= most && std::floor(value) == value) return static_cast<std::uint32_t>(value);
    in.fault(key, "expected a whole number that fits");
    return 0;
}

Source readSource(core::Reader& in) {
    Source source;
    const std::string kind = in.text("kind");
    const std::string codec = in.text("codec");
    if (kind == "audio" && codec == "OPUS") {
        source.kind = Kind::Audio;
        source.codec = Codec::Opus;
    } else if (kind == "video" && (codec == "H264" || codec == "VP8")) {
        source.codec = codec == "H264" ? Codec::H264 : Codec::Vp8;
    } else {
        in.fault("codec", "expected H264 or VP8 for video, OPUS for audio");
    }
    source.payloadType = static_cast<std::uint8_t>(readNumber(in, "payloadType", 127, -1));
    source.clockRate = readNumber(in, "clockRate", 1e6, source.kind == Kind::Video ? 90000 : 48000);
    if (source.clockRate == 0) in.fault("clockRate", "expected more than 0");
    source.ssrc = readNumber(in, "ssrc", 0xffffffff, 0);
    return source;
}

Json writeTrack(const Track::Stats& stats, Kind kind) {
    Json json{{"packets", stats.packets},     {"bytes", stats.bytes},        {"lost", stats.lost},
              {"recovered", stats.recovered}, {"gaps", stats.gaps},          {"restarts", stats.restarts},
              {"jitterMs", stats.jitterMs},   {"keyframes", stats.keyframes}};
    if (kind == Kind::Video) {
        json["width"] = stats.size.width;
        json["height"] = stats.size.height;
    }
    return json;
}

}  // namespace

core::Result<std::vector<Source>> readSources(std::string_view json) {
    const auto list = core::parseJson(json);
    if (!list) return list.error();
    if (!list->is_array() || list->empty()) return core::Error{"/media", "expected a list of media"};
    const Json media{{"media", *list}};
    core::Reader in{media};
    auto sources = in.list("media", readSource);
    return in.finish(std::move(sources));
}

std::string writeStats(const Ingest::Stats& stats) {
    Json json{{"silentMs", stats.silentMs}};
    if (stats.video) json["video"] = writeTrack(*stats.video, Kind::Video);
    if (stats.audio) json["audio"] = writeTrack(*stats.audio, Kind::Audio);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rtp
