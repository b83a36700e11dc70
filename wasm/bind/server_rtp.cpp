/// The media functions of the server module: RTP and RTCP in, RTCP and Matroska out, as Uint8Array.
///
/// Bytes come in with one copy, straight into the core's memory, and go out as arrays of their own: a view of the heap
/// would be void as soon as the heap grows.
#include <emscripten/bind.h>
#include <emscripten/em_js.h>
#include <emscripten/val.h>

#include "rtp/ingest_json.hpp"

EM_JS_DEPS(server_rtp, "$Emval");

// clang-format off
// Copies a Uint8Array to `to`; its length, or -1 when it is none or longer than `capacity`.
EM_JS(int, readUint8Array, (emscripten::EM_VAL bytes, std::uint8_t* to, int capacity), {
    const from = Emval.toValue(bytes);
    if (!(from instanceof Uint8Array) || from.length > capacity) return -1;
    HEAPU8.set(from, to);
    return from.length;
});

// 1 for 'video', 0 for 'audio', -1 for anything else.
EM_JS(int, readKind, (emscripten::EM_VAL kind), {
    return ['audio', 'video'].indexOf(Emval.toValue(kind));
});
// clang-format on

namespace {

using emscripten::val;

EMSCRIPTEN_DECLARE_VAL_TYPE(Uint8Array)
EMSCRIPTEN_DECLARE_VAL_TYPE(KindName)
EMSCRIPTEN_DECLARE_VAL_TYPE(FeedbackList)
EMSCRIPTEN_DECLARE_VAL_TYPE(MediaList)

std::uint8_t datagram[65536];  // no UDP datagram is longer

rtp::View read(const Uint8Array& bytes) {
    const int size = readUint8Array(bytes.as_handle(), datagram, sizeof datagram);
    return {datagram, static_cast<std::size_t>(size < 0 ? 0 : size)};
}

Uint8Array write(rtp::View bytes) {
    return Uint8Array{val{emscripten::typed_memory_view(bytes.size(), bytes.data())}.call<val>("slice")};
}

const char* nameOf(rtp::Kind kind) { return kind == rtp::Kind::Video ? "video" : "audio"; }

const char* nameOf(const std::optional<rtp::Codec>& codec) {
    if (!codec) return "";
    return *codec == rtp::Codec::H264 ? "H264" : "VP8";
}

val write(const rtp::Item& item) {
    val object = val::object();
    switch (item.type) {
        case rtp::Item::Start:
            object.set("type", "start");
            object.set("videoCodec", nameOf(item.video));
            object.set("audioCodec", item.audio ? "OPUS" : "");
            object.set("width", item.size.width);
            object.set("height", item.size.height);
            object.set("bytes", write(rtp::View{item.bytes}));
            break;
        case rtp::Item::Data:
            object.set("type", "data");
            object.set("key", item.key);
            object.set("ms", static_cast<double>(item.ms));
            object.set("bytes", write(rtp::View{item.bytes}));
            break;
        case rtp::Item::End:
            object.set("type", "end");
            break;
    }
    return object;
}

MediaList write(const std::vector<rtp::Item>& items) {
    val list = val::array();
    for (std::size_t i = 0; i < items.size(); ++i) list.set(i, write(items[i]));
    return MediaList{list};
}

/// new Ingest('[{"kind","payloadType","codec","clockRate","ssrc"}]') throws a TypeError for anything else.
class Ingest {
public:
    explicit Ingest(const std::string& mediaJson) : ingest_{sources(mediaJson)} {}

    int packet(const KindName& kind, const Uint8Array& bytes, double nowMs) {
        const int video = readKind(kind.as_handle());
        if (video < 0) return rtp::Ingest::Drop;
        return ingest_.packet(video ? rtp::Kind::Video : rtp::Kind::Audio, read(bytes), nowMs);
    }

    FeedbackList feedback(double nowMs) {
        val list = val::array();
        const auto packets = ingest_.feedback(nowMs);
        for (std::size_t i = 0; i < packets.size(); ++i) {
            val object = val::object();
            object.set("kind", nameOf(packets[i].kind));
            object.set("bytes", write(rtp::View{packets[i].bytes}));
            list.set(i, object);
        }
        return FeedbackList{list};
    }

    void requestKeyframe() { ingest_.requestKeyframe(); }
    MediaList media(double nowMs) { return write(ingest_.media(nowMs)); }
    MediaList end(double nowMs) { return write(ingest_.end(nowMs)); }
    std::string stats() { return rtp::writeStats(ingest_.stats()); }

private:
    static std::vector<rtp::Source> sources(const std::string& mediaJson) {
        const auto sources = rtp::readSources(mediaJson);
        if (sources) return *sources;
        val::global("TypeError").new_("Ingest: " + sources.error().where + " " + sources.error().what).throw_();
    }

    rtp::Ingest ingest_;
};

Uint8Array forwardRtp(const Uint8Array& bytes, std::uint8_t payloadType, std::uint32_t ssrc) {
    return write(rtp::View{rtp::forwardRtp(read(bytes), payloadType, ssrc)});
}

Uint8Array forwardSr(const Uint8Array& bytes, std::uint32_t ssrc) {
    return write(rtp::View{rtp::forwardSr(read(bytes), ssrc)});
}

}  // namespace

EMSCRIPTEN_BINDINGS(server_rtp) {
    emscripten::register_type<Uint8Array>("Uint8Array");
    emscripten::register_type<KindName>("'audio' | 'video'");
    emscripten::register_type<FeedbackList>("{ kind: 'audio' | 'video', bytes: Uint8Array }[]");
    emscripten::register_type<MediaList>(
        "({ type: 'start', videoCodec: 'H264' | 'VP8' | '', audioCodec: 'OPUS' | '', width: number, height: number, "
        "bytes: Uint8Array } | { type: 'data', key: boolean, ms: number, bytes: Uint8Array } | { type: 'end' })[]");
    emscripten::class_<Ingest>("Ingest")
        .constructor<std::string>()
        .function("packet(kind, bytes, nowMs)", &Ingest::packet)
        .function("feedback(nowMs)", &Ingest::feedback)
        .function("requestKeyframe", &Ingest::requestKeyframe)
        .function("media(nowMs)", &Ingest::media)
        .function("end(nowMs)", &Ingest::end)
        .function("stats", &Ingest::stats);
    emscripten::function("forwardRtp(bytes, payloadType, ssrc)", &forwardRtp);
    emscripten::function("forwardSr(bytes, ssrc)", &forwardSr);
}
