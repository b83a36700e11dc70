// The reading flows as JSON.
#include <utility>

#include "core/variant.hpp"
#include "streams/memorial_view.hpp"
#include "streams/read.hpp"
#include "streams/step_json.hpp"

namespace streams {
namespace {

using core::Json;
using core::Reader;
namespace r = read;

constexpr std::size_t kLongestName = 200;

/// The flow's state, and what only its JSON needs.
struct State : r::State {
    std::string base{};
};

template <class Found, class T>
r::Event foundOr(const Decoded<T>& decoded) {
    if (!decoded) return unreadable(decoded);
    return Found{decoded.value};
}

// One unreadable document must not take the others with it: it is left out.
template <class T>
std::vector<T> readable(const Json& list, Decoded<T> (*decode)(const Json&)) {
    std::vector<T> values;
    if (!list.is_array()) return values;
    for (const Json& item : list) {
        if (auto decoded = decode(item)) values.push_back(std::move(decoded.value));
    }
    return values;
}

r::Event listen(const State& state, const PortResult& result) {
    using enum r::Step;
    if (result.failed) return *result.failed;
    const Json& value = result.value;
    switch (state.step) {
        case Viewing:
        case Listing:
        case Authorizing:
            if (value.is_null()) return r::MemorialMissing{};
            return foundOr<r::MemorialFound>(decodeMemorial(value));
        case Getting: {
            if (value.is_null()) return r::StreamMissing{};
            const auto document = value.is_object() ? value.find("document") : value.end();
            if (document == value.end()) return Failed{"unreadable", "no document"};
            return foundOr<r::StreamFound>(decodeStream(*document));
        }
        case ViewingStreams:
        case ListingStreams:
            return r::StreamsFound{readable<Stream>(value, decodeStream)};
        case Choosing:
            return r::MemorialsFound{readable<Memorial>(value, decodeMemorial)};
        case Saving:
            return r::Saved{};
        case New:
        case Done:
            break;
    }
    return Failed{"internal", "a result that nothing asked for"};
}

Json publicMemorial(const Memorial& memorial) { return {{"id", memorial.id}, {"name", memorial.name}}; }

Json encodeView(const r::ShowMemorial& shown, std::string_view base) {
    const MemorialView view = memorialView(shown.streams, base);
    Json list = Json::array();
    for (const PublicStream& stream : view.streams) list.push_back(encode(stream));
    Json json{{"memorial", publicMemorial(shown.memorial)}, {"streams", std::move(list)}};
    if (!view.currentStreamId.empty()) json["currentStreamId"] = view.currentStreamId;
    return json;
}

Json encodeList(const std::vector<Stream>& streams, std::string_view base) {
    Json list = Json::array();
    for (const Stream& stream : streams) list.push_back(encodeManaged(stream, base));
    return list;
}

r::Effect step(State& state, const r::Event& event) { return r::step(state, event); }

Json encodeStep(const r::Effect& step, const State& state) {
    return std::visit(core::Match{
                          [](const r::FindMemorial& e) {
                              return effect("FindMemorial", {{"memorialId", e.memorialId}});
                          },
                          [](const r::FindMemorials&) { return effect("FindMemorials"); },
                          [](const r::FindStream& e) {
                              return effect("FindStream", {{"by", "id"}, {"is", e.id}});
                          },
                          [](const r::FindStreams& e) {
                              return effect("FindStreams", {{"memorialId", e.memorialId}});
                          },
                          [](const r::SaveMemorial& e) {
                              return effect("SaveMemorial", {{"id", e.memorial.id}, {"document", encode(e.memorial)}});
                          },
                          [&state](const r::ShowMemorial& e) { return respond(200, encodeView(e, state.base)); },
                          [&state](const r::ShowStreams& e) {
                              return respond(200, {{"success", true},
                                                   {"memorial", publicMemorial(e.memorial)},
                                                   {"streams", encodeList(e.streams, state.base)}});
                          },
                          [&state](const r::ShowStream& e) {
                              return respond(200, {{"success", true}, {"stream", encodeFull(e.stream, state.base)}});
                          },
                          [](const r::ShowMemorials& e) {
                              Json list = Json::array();
                              for (const Memorial& memorial : e.memorials) {
                                  list.push_back({{"id", memorial.id}, {"name", memorial.name}, {"canManage", true}});
                              }
                              return respond(200, {{"success", true}, {"memorials", std::move(list)}});
                          },
                          [](const r::ShowCreated& e) {
                              Json memorial = publicMemorial(e.memorial);
                              memorial["canManage"] = true;
                              return respond(201, {{"success", true}, {"memorial", std::move(memorial)}});
                          },
                          [](const Refuse& e) { return respond(e); },
                      },
                      step);
}

template <class F>
Flow begin(const std::string& request, F question) {
    const auto json = core::parseJson(request);
    if (!json) return ended(respond(unexpected()));
    Reader in{*json};
    State state{};
    state.base = in.maybeText("base").value_or("");
    r::Event event = question(in);
    if (!in.faults().empty()) return ended(respond(unexpected()));
    return flow<State, r::Event, r::Effect>(std::move(state), std::move(event), step, encodeStep, listen);
}

}  // namespace

Flow viewMemorial(const std::string& request) {
    return begin(request, [](Reader& in) { return r::ViewMemorial{in.text("memorialId")}; });
}

Flow listStreams(const std::string& request) {
    return begin(request, [](Reader& in) { return r::ListStreams{signedIn(in), in.text("memorialId")}; });
}

Flow getStream(const std::string& request) {
    return begin(request, [](Reader& in) { return r::GetStream{signedIn(in), in.text("id")}; });
}

Flow listMemorials(const std::string& request) {
    return begin(request, [](Reader& in) { return r::ListMemorials{signedIn(in)}; });
}

Flow createMemorial(const std::string& request) {
    const auto json = core::parseJson(request);
    if (!json) return ended(respond(unexpected()));
    Reader in{*json};
    const auto body = core::parseJson(in.text("body"));
    if (!in.faults().empty()) return ended(respond(unexpected()));
    if (!body) return ended(respond(Refuse{400, "not-json", "The request could not be read: it is not JSON.", ""}));
    Reader asked{*body};
    const std::string name = line(asked, "name", kLongestName);
    if (!asked.faults().empty()) return ended(respondInvalid(asked.faults()));
    return begin(request, [&name](Reader& from) {
        return r::CreateMemorial{signedIn(from),
                                 Memorial{.id = from.text("memorialId"), .name = name, .createdAt = from.text("now")}};
    });
}

}  // namespace streams
