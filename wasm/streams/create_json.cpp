// The creation flow as JSON.
#include "core/variant.hpp"
#include "streams/create.hpp"
#include "streams/step_json.hpp"

namespace streams {
namespace {

using core::Json;
using core::Reader;
namespace c = create;

/// The flow's state, and what only its JSON needs.
struct State : c::State {
    std::string base{};  ///< address under which the person reached us
};

template <class Made, class T>
c::Event madeOr(const core::Result<T>& read) {
    if (!read) return unreadable(read.error());
    return Made{*read};
}

c::Event listen(const State& state, const PortResult& result) {
    using enum c::Step;
    if (result.failed) return *result.failed;
    switch (state.step) {
        case Looking: {
            if (result.value.is_null()) return c::MemorialMissing{};
            auto memorial = decodeMemorial(result.value);
            if (!memorial) return unreadable(memorial);
            return c::MemorialFound{std::move(memorial.value)};
        }
        case Claiming: {
            Reader in{result.value};
            c::Claimed claimed{in.text("streamId"), in.flag("sameOrder"), in.flag("busy")};
            if (!in.faults().empty()) return Failed{"unreadable", in.faults()[0].where};
            return claimed;
        }
        case Recalling:
        case Checking: {
            if (result.value.is_null()) return c::StreamMissing{};
            auto found = decodeVersioned(result.value);
            if (!found) return unreadable(found);
            return c::StreamFound{std::move(found.value.stream)};
        }
        case Waiting:
            return c::Waited{};
        case MakingBackup:
            return madeOr<c::BackupMade>(readMuxStream(result.value));
        case MakingInput: {
            const StreamingMethod method = state.order.streamingMethod;
            return madeOr<c::InputMade>(readInput(result.value, pathOf(state.order.setup, method), method));
        }
        case MakingOutput: {
            Reader in{result.value};
            return madeOr<c::OutputMade>(in.finish(in.text("uid")));
        }
        case Intending:
        case Saving:
        case Dropping:
        case Leaving:
            return c::Saved{};
        case New:
        case Done:
            break;
    }
    return Failed{"internal", "a result that nothing asked for"};
}

// Two requests under one key are the same order when these are.
Json content(const c::Order& order) {
    return {{"memorialId", order.memorialId},
            {"title", order.title},
            {"streamingMethod", order.streamingMethod == StreamingMethod::obs ? "obs" : "whip_browser"},
            {"enableMuxBackup", order.enableMuxBackup}};
}

c::Effect step(State& state, const c::Event& event) { return c::step(state, event); }

Json encodeStep(const c::Effect& step, const State& state) {
    return std::visit(
        core::Match{
            [](const c::FindMemorial& e) {
                return effect("FindMemorial", {{"memorialId", e.memorialId}});
            },
            [](const c::SaveIntent& e) { return saveIntent(e.intent); },
            [](const c::DropIntent& e) {
                return effect("DropIntent", {{"id", e.id}});
            },
            [](const c::ClaimKey& e) {
                Json fields{{"uid", e.uid},
                            {"key", e.key},
                            {"streamId", e.order.streamId},
                            {"order", dump(content(e.order))},
                            {"now", e.order.now}};
                if (!e.instead.empty()) fields["instead"] = e.instead;
                return effect("ClaimKey", std::move(fields));
            },
            [](const c::FindStream& e) { return findStream("id", e.id); },
            [](const c::Wait& e) {
                return effect("Wait", {{"ms", e.ms}});
            },
            [](const c::CreateMuxStream& e) {
                return effect("CreateMuxStream", {{"streamId", e.streamId}, {"title", e.title}});
            },
            [](const c::CreateInput& e) {
                return effect("CreateInput", {{"streamId", e.streamId},
                                              {"idempotencyKey", e.idempotencyKey},
                                              {"title", e.title},
                                              {"memorialId", e.memorialId},
                                              {"createdBy", e.createdBy}});
            },
            [](const c::CreateOutput& e) {
                return effect("CreateOutput",
                              {{"cloudflareInputId", e.cloudflareInputId}, {"url", e.url}, {"streamKey", e.streamKey}});
            },
            [](const c::SaveStream& e) {
                return effect("SaveStream", {{"id", e.stream.id},
                                             {"document", encode(e.stream)},
                                             {"view", encode(publicView(e.stream, ""))},
                                             {"intent", e.left ? encode(*e.left) : Json(nullptr)}});
            },
            [&state](const c::Created& e) {
                return respond(
                    201, withWarnings({{"success", true}, {"stream", encodeFull(e.stream, state.base)}}, e.warnings));
            },
            [](const c::Refused& e) { return respond(e.refusal, e.settle); },
        },
        step);
}

}  // namespace

Flow createStream(const std::string& orderText) {
    const auto request = core::parseJson(orderText);
    if (!request) return ended(respond(unexpected()));
    Reader in{*request};
    c::Order order{.streamId = in.text("streamId"),
                   .idempotencyKey = in.maybeText("idempotencyKey").value_or(""),
                   .now = in.text("now"),
                   .mediaBase = in.maybeText("mediaBase").value_or(""),
                   .setup = readSetup(in),
                   .relaySecret = in.maybeText("relaySecret").value_or("")};
    order.user = signedIn(in);
    order.streamingMethod = in.text("streamingMethod") == "obs" ? StreamingMethod::obs : StreamingMethod::whip_browser;
    const std::string bodyText = in.text("body");
    if (!in.faults().empty()) return ended(respond(unexpected()));

    const auto body = core::parseJson(bodyText);
    if (!body) return ended(respond(Refuse{400, "not-json", "The request could not be read: it is not JSON.", ""}));
    Reader asked{*body};
    order.memorialId = line(asked, "memorialId", kLongestTitle);
    order.title = line(asked, "title", kLongestTitle);
    if (const auto at = plannedTime(asked); at && !at->empty()) order.scheduledAt = at;
    order.enableMuxBackup = asked.flag("enableMuxBackup");
    if (!asked.faults().empty()) return ended(respondInvalid(asked.faults()));

    State state{};
    state.base = in.maybeText("base").value_or("");
    state.order = std::move(order);
    return flow<State, c::Event, c::Effect>(std::move(state), c::Ordered{}, step, encodeStep, listen);
}

}  // namespace streams
