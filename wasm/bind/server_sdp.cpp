/// The SDP functions of the server module: text in, text out. Each says what it returns.
#include <emscripten/bind.h>

#include <string>

#include "core/reader.hpp"
#include "sdp/fragment.hpp"
#include "sdp/trim.hpp"

namespace {

using core::Json;

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// '{"error":{"where","what","status"}}': status is the HTTP status that fits.
std::string refuse(const core::Error& error, int status) {
    return dump({{"error", {{"where", error.where}, {"what", error.what}, {"status", status}}}});
}

core::Result<sdp::TrimOptions> readTrimOptions(const std::string& text) {
    const auto json = core::parseJson(text);
    if (!json) return json.error();
    core::Reader in{*json};
    sdp::TrimOptions options;
    const auto choice = [&](const char* key, const char* first, const char* second) {
        const auto value = in.maybeText(key);
        if (value && *value != first && *value != second) {
            in.fault(key, std::string{"expected \""} + first + "\" or \"" + second + "\"");
        }
        return value == second;
    };
    if (choice("preferVideo", "H264", "VP8")) options.preferVideo = sdp::Profile::VP8;
    if (choice("role", "ingest", "egress")) options.role = sdp::Role::Egress;
    return in.finish(options);
}

/// trimOffer(offer, '{"preferVideo":"H264"|"VP8","role":"ingest"|"egress"}') is
/// '{"sdp","media":[{"kind","mid","payloadType","codec","clockRate","ssrc"}]}' or an error of status 400 (not SDP), 406
/// (no codec we can use), 422 (SDP of something else) or 500 (wrong options).
std::string trimOffer(const std::string& offer, const std::string& optionsJson) {
    const auto options = readTrimOptions(optionsJson);
    if (!options) return refuse(options.error(), 500);
    const auto description = sdp::parse(offer);
    if (!description) return refuse(description.error(), 400);
    const auto trimmed = sdp::trimOffer(*description, *options);
    if (!trimmed) return refuse(trimmed.error(), trimmed.error().where == sdp::kNoCodec ? 406 : 422);
    Json media = Json::array();
    for (const sdp::TrimmedMedia& each : trimmed->media) {
        media.push_back({{"kind", each.kind},
                         {"mid", each.mid},
                         {"payloadType", each.payloadType},
                         {"codec", each.codec},
                         {"clockRate", each.clockRate},
                         {"ssrc", each.ssrc}});
    }
    return dump({{"sdp", sdp::write(trimmed->description)}, {"media", std::move(media)}});
}

/// finishAnswer(answer, '{"startBitrate":kbit/s,"maxBitrate":kbit/s}') is the answer as SDP, with bit rates told to the
/// browser. They are hints only, so an answer or options that cannot be read leave it as it was.
std::string finishAnswer(const std::string& answer, const std::string& optionsJson) {
    const auto description = sdp::parse(answer);
    const auto json = core::parseJson(optionsJson);
    if (!description || !json) return answer;
    core::Reader in{*json};
    sdp::AnswerOptions options;
    const auto rate = [&](const char* key, std::uint32_t otherwise) {
        const auto kbps = in.maybeNumber(key);
        return kbps && *kbps >= 1 && *kbps <= 1e6 ? static_cast<std::uint32_t>(*kbps) : otherwise;
    };
    options.startBitrate = rate("startBitrate", options.startBitrate);
    options.maxBitrate = rate("maxBitrate", options.maxBitrate);
    return sdp::write(sdp::finishAnswer(*description, options));
}

/// readFragment(fragment) is '{"iceUfrag","icePwd","mid","candidates":["candidate:..."],"endOfCandidates"}' or an error
/// of status 400.
std::string readFragment(const std::string& text) {
    const auto fragment = sdp::parseFragment(text);
    if (!fragment) return refuse(fragment.error(), 400);
    return dump({{"iceUfrag", fragment->iceUfrag},
                 {"icePwd", fragment->icePwd},
                 {"mid", fragment->mid},
                 {"candidates", fragment->candidates},
                 {"endOfCandidates", fragment->endOfCandidates}});
}

}  // namespace

EMSCRIPTEN_BINDINGS(server_sdp) {
    emscripten::function("trimOffer", &trimOffer);
    emscripten::function("finishAnswer", &finishAnswer);
    emscripten::function("readFragment", &readFragment);
}
