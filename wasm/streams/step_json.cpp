#include "streams/step_json.hpp"

#include <algorithm>
#include <string_view>

#include "streams/instant.hpp"
#include "streams/sentence.hpp"

namespace streams {

using core::Json;

constexpr double kLongestPause = 60 * 60;  // seconds: whoever asks for more has lost us

PortResult decodeResult(const std::string& text) {
    const auto json = core::parseJson(text);
    if (!json || !json->is_object()) return {nullptr, Failed{"internal", "a port's result is not JSON"}};
    core::Reader in{*json};
    if (const auto what = in.maybeText("failed")) {
        const double pause = std::clamp(in.maybeNumber("retryAfter").value_or(0), 0.0, kLongestPause);
        return {nullptr, Failed{in.maybeText("code").value_or(""), *what, static_cast<int>(pause)}};
    }
    const auto value = json->find("value");
    return {value == json->end() ? Json(nullptr) : *value, {}};
}

Json respond(int status, Json body) { return {{"response", {{"status", status}, {"body", std::move(body)}}}}; }

Json respond(const Refuse& refusal, const std::string& settle) {
    Json error{{"code", refusal.code}, {"what", refusal.what}};
    if (!refusal.where.empty()) error["where"] = refusal.where;
    Json answer = respond(refusal.status, {{"success", false}, {"error", std::move(error)}});
    if (!settle.empty()) answer["response"]["settle"] = settle;
    return answer;
}

namespace {
// The person sees a form, not JSON: {"/title", "is empty"} reads "The title is empty."
std::string sentence(const core::Error& fault) {
    static constexpr std::pair<std::string_view, std::string_view> kNames[] = {{"/title", "The title"},
                                                                               {"/name", "The name"},
                                                                               {"/scheduledAt", "The time"},
                                                                               {"/memorialId", "The memorial"},
                                                                               {"", "The request"}};
    std::string subject = "\"" + fault.where.substr(std::min<std::size_t>(fault.where.size(), 1)) + "\"";
    for (const auto& [where, name] : kNames) {
        if (fault.where == where) subject = name;
    }
    constexpr std::string_view kExpected = "expected ";
    const bool expected = fault.what.starts_with(kExpected);
    return subject + " " + (expected ? "must be " + fault.what.substr(kExpected.size()) : fault.what) + ".";
}
}  // namespace

Json respondInvalid(const std::vector<core::Error>& faults) {
    Json list = Json::array();
    for (const core::Error& fault : faults) list.push_back({{"where", fault.where}, {"what", fault.what}});
    Json error{
        {"code", "invalid"}, {"what", sentence(faults[0])}, {"where", faults[0].where}, {"faults", std::move(list)}};
    return respond(422, {{"success", false}, {"error", std::move(error)}});
}

Json effect(const char* type, Json fields) {
    fields["type"] = type;
    return {{"effect", std::move(fields)}};
}

Json withWarnings(Json body, const std::vector<core::Error>& warnings) {
    if (warnings.empty()) return body;
    body["warnings"] = Json::array();
    for (const core::Error& warning : warnings) {
        const auto code = codeOf(warning.what, kBackupFailed);
        body["warnings"].push_back({{"where", warning.where}, {"code", code}, {"what", warning.what}});
    }
    return body;
}

Json findStream(const char* by, const std::string& is) { return effect("FindStream", {{"by", by}, {"is", is}}); }

Json saveIntent(const Intent& intent) {
    return effect("SaveIntent", {{"id", intent.id}, {"document", encode(intent)}});
}

Json updateStream(const std::string& version, const Stream& before, const Stream& after, const std::string& eventKey,
                  const std::string& intentId) {
    Json fields{{"id", after.id},
                {"version", version},
                {"set", changes(before, after)},
                {"view", encode(publicView(after, ""))}};
    if (!eventKey.empty()) fields["eventKey"] = eventKey;
    if (!intentId.empty()) fields["intentId"] = intentId;
    return effect("UpdateStream", std::move(fields));
}

Decoded<Versioned> decodeVersioned(const Json& json) {
    core::Reader in{json};
    Versioned found{{}, in.text("version")};
    const auto document = json.is_object() ? json.find("document") : json.end();
    if (document == json.end()) in.fault("document", "is missing");
    if (!in.faults().empty()) return {{}, in.faults()};
    auto stream = decodeStream(*document);
    found.stream = std::move(stream.value);
    return {std::move(found), std::move(stream.faults)};
}

Setup readSetup(core::Reader& in) {
    return in.object("paths", [](core::Reader& paths) {
        return Setup{.embedded = paths.maybeText("provider") != "cloudflare",
                     .ingest = paths.maybeText("ingest") == "direct" ? Ingest::direct : Ingest::relay,
                     .relayUrl = paths.maybeText("relayUrl").value_or(""),
                     .mux = paths.flag("mux"),
                     .muxPlaybackBase = paths.maybeText("muxPlaybackBase").value_or("")};
    });
}

Bases readBases(core::Reader& in) {
    return {in.maybeText("mediaBase").value_or(""), in.maybeText("muxPlaybackBase").value_or("")};
}

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

User signedIn(core::Reader& in) {
    User user = in.object("user", [](core::Reader& who) {
        return User{.uid = who.text("uid"), .role = who.maybeText("role").value_or("")};
    });
    if (user.uid.empty()) in.fault("user", "is missing");
    return user;
}

namespace {
bool isContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }  // of a UTF-8 sequence
bool isControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
}  // namespace

std::string line(core::Reader& in, const char* key, std::size_t most) {
    const std::size_t faults = in.faults().size();
    const std::string text = in.text(key);
    if (in.faults().size() != faults) return {};
    const auto from = std::find_if_not(text.begin(), text.end(), isBlank);
    const auto to = std::find_if_not(text.rbegin(), text.rend(), isBlank).base();
    if (from == text.end()) {
        in.fault(key, "is empty");
        return {};
    }
    std::string trimmed{from, to};
    const auto characters =
        trimmed.size() - static_cast<std::size_t>(std::count_if(trimmed.begin(), trimmed.end(), isContinuation));
    if (characters > most) in.fault(key, "is longer than " + std::to_string(most) + " characters");
    if (std::any_of(trimmed.begin(), trimmed.end(), isControl)) in.fault(key, "must be a single line of text");
    return trimmed;
}

Flow ended(const Json& response) {
    return Flow{[text = dump(response)](const std::string&) { return text; }};
}

std::optional<std::string> plannedTime(core::Reader& in) {
    auto text = in.maybeText("scheduledAt");
    if (!text || text->empty()) return text;
    auto at = instant(*text);
    if (!at) in.fault("scheduledAt", "expected a time in UTC, such as 2026-09-23T11:43:41Z");
    return at;
}

}  // namespace streams
