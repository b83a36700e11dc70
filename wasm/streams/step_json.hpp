/// What every flow's JSON has in common: results of ports, responses, refusals, and the loop.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/reader.hpp"
#include "streams/flow_json.hpp"
#include "streams/intent.hpp"
#include "streams/paths.hpp"
#include "streams/provider.hpp"
#include "streams/refuse.hpp"
#include "streams/stream_json.hpp"

namespace streams {

/// What a port answered: a value (null when there is none), or that it failed.
struct PortResult {
    core::Json value{};
    std::optional<Failed> failed{};
};

[[nodiscard]] PortResult decodeResult(const std::string& text);

/// {"response":{"status":...,"body":{"success":...}}}
[[nodiscard]] core::Json respond(int status, core::Json body);
/// `settle`, when it is not empty, names an intent that is due.
[[nodiscard]] core::Json respond(const Refuse& refusal, const std::string& settle = "");
/// 422 with every fault; the first one's sentence is what the person sees.
[[nodiscard]] core::Json respondInvalid(const std::vector<core::Error>& faults);
[[nodiscard]] core::Json effect(const char* type, core::Json fields = core::Json::object());

[[nodiscard]] core::Json withWarnings(core::Json body, const std::vector<core::Error>& warnings);

// Effects that several flows have.
[[nodiscard]] core::Json findStream(const char* by, const std::string& is);
[[nodiscard]] core::Json saveIntent(const Intent& intent);
/// `intentId`, when it is not empty, names an intent that has to be `making` still, and is dropped with the update.
[[nodiscard]] core::Json updateStream(const std::string& version, const Stream& before, const Stream& after,
                                      const std::string& eventKey = "", const std::string& intentId = "");

/// What a store finds: {"document","version"}.
struct Versioned {
    Stream stream{};
    std::string version{};
};
[[nodiscard]] Decoded<Versioned> decodeVersioned(const core::Json& json);

/// What is set up here, under the key "paths".
[[nodiscard]] Setup readSetup(core::Reader& in);
/// "mediaBase" and "muxPlaybackBase".
[[nodiscard]] Bases readBases(core::Reader& in);

[[nodiscard]] std::string dump(const core::Json& json);

/// The user under the key "user"; a fault when there is none.
[[nodiscard]] User signedIn(core::Reader& in);

inline constexpr std::size_t kLongestTitle = 200;

/// A text of one line, trimmed, between 1 and `most` characters long.
[[nodiscard]] std::string line(core::Reader& in, const char* key, std::size_t most);

/// `scheduledAt`: when a stream is planned to begin. "" when it is not planned any more, empty when nothing is said of
/// it.
[[nodiscard]] std::optional<std::string> plannedTime(core::Reader& in);

/// A stored document that cannot be read is a failure of the store, told with the place of the first fault.
template <class T>
[[nodiscard]] Failed unreadable(const Decoded<T>& decoded) {
    return {"unreadable", decoded.faults[0].where + " " + decoded.faults[0].what};
}

[[nodiscard]] inline Failed unreadable(const core::Error& fault) {
    return {"unreadable", fault.where + " " + fault.what};
}

/// `event` moves `state` on; `encode` says how the effect looks; `listen` makes an event of a port's result.
template <class State, class Event, class Effect>
[[nodiscard]] Flow flow(State state, Event first, Effect (*step)(State&, const Event&),
                        core::Json (*encode)(const Effect&, const State&),
                        Event (*listen)(const State&, const PortResult&)) {
    auto at = std::make_shared<State>(std::move(state));
    auto start = std::make_shared<std::optional<Event>>(std::move(first));
    return Flow{[at, start, step, encode, listen](const std::string& result) {
        const Event event = *start ? *std::exchange(*start, std::nullopt) : listen(*at, decodeResult(result));
        const Effect next = step(*at, event);
        return dump(encode(next, *at));
    }};
}

/// A flow that ends before it began.
[[nodiscard]] Flow ended(const core::Json& response);

}  // namespace streams
