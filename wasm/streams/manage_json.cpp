// Managing a stream as JSON, and what the relay asks.
#include <utility>

#include "core/variant.hpp"
#include "streams/backup.hpp"
#include "streams/manage.hpp"
#include "streams/step_json.hpp"

namespace streams {
namespace {

using core::Json;
using core::Reader;
namespace m = manage;

/// The flow's state, and what only its JSON needs.
struct State : m::State {
    std::string base{};
};

template <class Told, class T>
m::Event toldOr(const core::Result<T>& read) {
    if (!read) return unreadable(read.error());
    return Told{*read};
}

m::Event listen(const State& state, const PortResult& result) {
    using enum m::Step;
    if (result.failed) return *result.failed;
    const Json& value = result.value;
    switch (state.step) {
        case Finding:
        case FindingAgain: {
            if (value.is_null()) return m::StreamMissing{};
            auto found = decodeVersioned(value);
            if (!found) return unreadable(found);
            return m::StreamFound{std::move(found.value.stream), std::move(found.value.version)};
        }
        case Authorizing: {
            if (value.is_null()) return m::MemorialMissing{};
            auto memorial = decodeMemorial(value);
            if (!memorial) return unreadable(memorial);
            return m::MemorialFound{std::move(memorial.value)};
        }
        case Rotating:
        case Rereading:
            return toldOr<m::InputTold>(readInput(value, state.stream.path, state.stream.streamingMethod));
        case MakingBackup:
            return toldOr<m::BackupMade>(readMuxStream(value));
        case MakingOutput: {
            Reader in{value};
            return toldOr<m::OutputMade>(in.finish(in.text("uid")));
        }
        case Intending:
        case Marking:
        case DroppingOutput:
        case SavingBackup:
        case Updating:
        case Removing:
        case Leaving:
            return m::Carried{};
        case New:
        case Done:
            break;
    }
    return Failed{"internal", "a result that nothing asked for"};
}

Json show(const m::Show& e, const State& state) {
    std::vector<core::Error> warnings;
    const auto what = state.order.wish == m::Wish::RetryBackup ? warningOf(e.stream.backup) : std::nullopt;
    if (what) warnings.push_back({"/enableMuxBackup", *what});
    Json answer =
        respond(200, withWarnings({{"success", true}, {"stream", encodeFull(e.stream, state.base)}}, warnings));
    if (!e.settle.empty()) answer["response"]["settle"] = e.settle;
    return answer;
}

m::Effect step(State& state, const m::Event& event) { return m::step(state, event); }

Json encodeStep(const m::Effect& step, const State& state) {
    return std::visit(
        core::Match{
            [](const m::FindStream& e) { return findStream("id", e.id); },
            [](const m::FindMemorial& e) {
                return effect("FindMemorial", {{"memorialId", e.memorialId}});
            },
            [](const m::UpdateStream& e) { return updateStream(e.version, e.before, e.after, "", e.intentId); },
            [](const m::RemoveStream& e) {
                return effect("RemoveStream", {{"id", e.id}, {"version", e.version}, {"intent", encode(e.intent)}});
            },
            [](const m::RotateInputKeys& e) {
                return effect("RotateInputKeys", {{"cloudflareInputId", e.cloudflareInputId}});
            },
            [](const m::GetInput& e) {
                return effect("GetInput", {{"cloudflareInputId", e.cloudflareInputId}});
            },
            [](const m::SaveIntent& e) { return saveIntent(e.intent); },
            [](const m::CreateMuxStream& e) {
                return effect("CreateMuxStream", {{"streamId", e.streamId}, {"title", e.title}});
            },
            [](const m::CreateOutput& e) {
                return effect("CreateOutput",
                              {{"cloudflareInputId", e.cloudflareInputId}, {"url", e.url}, {"streamKey", e.streamKey}});
            },
            [](const m::DeleteOutput& e) {
                return effect("DeleteOutput", {{"cloudflareInputId", e.cloudflareInputId},
                                               {"cloudflareOutputId", e.cloudflareOutputId}});
            },
            [&state](const m::Show& e) { return show(e, state); },
            [](const m::Removed& e) {
                Json answer = respond(200, {{"success", true}});
                answer["response"]["settle"] = e.settle;
                return answer;
            },
            [](const m::Refused& e) { return respond(e.refusal, e.settle); },
        },
        step);
}

Flow begin(const Json& request, m::Order order) {
    Reader in{request};
    order.user = signedIn(in);
    order.id = in.text("id");
    order.now = in.text("now");
    order.bases = readBases(in);
    order.setup = readSetup(in);
    State state{};
    state.base = in.maybeText("base").value_or("");
    state.order = std::move(order);
    if (!in.faults().empty()) return ended(respond(unexpected()));
    return flow<State, m::Event, m::Effect>(std::move(state), m::Ordered{}, step, encodeStep, listen);
}

}  // namespace

Flow renameStream(const std::string& request) {
    const auto json = core::parseJson(request);
    if (!json) return ended(respond(unexpected()));
    Reader in{*json};
    const auto body = core::parseJson(in.text("body"));
    (void)signedIn(in);
    if (!in.faults().empty()) return ended(respond(unexpected()));
    if (!body) return ended(respond(Refuse{400, "not-json", "The request could not be read: it is not JSON.", ""}));
    Reader asked{*body};
    std::string title = line(asked, "title", kLongestTitle);
    auto scheduledAt = plannedTime(asked);
    if (!asked.faults().empty()) return ended(respondInvalid(asked.faults()));
    return begin(*json, {.wish = m::Wish::Rename, .title = std::move(title), .scheduledAt = std::move(scheduledAt)});
}

Flow removeStream(const std::string& request) {
    const auto json = core::parseJson(request);
    if (!json) return ended(respond(unexpected()));
    return begin(*json, {.wish = m::Wish::Remove});
}

Flow rotateKeys(const std::string& request) {
    const auto json = core::parseJson(request);
    if (!json) return ended(respond(unexpected()));
    Reader in{*json};
    return begin(*json, {.wish = m::Wish::RotateKeys, .relaySecret = in.maybeText("relaySecret").value_or("")});
}

Flow retryBackup(const std::string& request) {
    const auto json = core::parseJson(request);
    if (!json) return ended(respond(unexpected()));
    Reader in{*json};
    std::string mark = in.text("mark");
    if (!in.faults().empty()) return ended(respond(unexpected()));
    return begin(*json, {.wish = m::Wish::RetryBackup, .mark = std::move(mark)});
}

}  // namespace streams
