#include "streams/create.hpp"

#include "core/variant.hpp"
#include "streams/access.hpp"
#include "streams/view.hpp"

namespace streams::create {
namespace {

using enum Step;

constexpr int kMostAttempts = 3;

// ---- guards
bool always(const State&, const Event&) { return true; }
bool notAllowed(const State& s, const Event& e) {
    return !mayManage(s.order.user, std::get_if<MemorialFound>(&e)->memorial);
}
bool hasKey(const State& s, const Event&) { return !s.order.idempotencyKey.empty(); }
bool otherOrder(const State&, const Event& e) { return !std::get_if<Claimed>(&e)->sameOrder; }
bool isKnown(const State& s, const Event& e) { return std::get_if<Claimed>(&e)->streamId != s.order.streamId; }
bool isConflict(const State&, const Event& e) { return std::get_if<Failed>(&e)->code == "conflict"; }
bool mayTryAgain(const State& s, const Event& e) { return isConflict(s, e) && s.attempts < kMostAttempts; }

// ---- actions
Effect findMemorial(State& s, const Event&) { return FindMemorial{s.order.memorialId}; }
Effect claimKey(State& s, const Event&) { return ClaimKey{s.order.user.uid, s.order.idempotencyKey, s.order}; }
Effect findStream(State& s, const Event&) { return FindStream{s.order.streamId}; }
Effect recall(State& s, const Event& e) {
    s.order.streamId = std::get_if<Claimed>(&e)->streamId;
    return FindStream{s.order.streamId};
}

// Cloudflare answers 409 for a key whose input was deleted (undone, after an earlier try): ":2" asks for a new one.
Effect createInput(State& s, const Event&) {
    const std::string again = s.attempts == 1 ? "" : ":" + std::to_string(s.attempts);
    return CreateInput{s.order.streamId, s.order.streamId + again, s.order.title, s.order.memorialId, s.order.user.uid};
}
Effect createInputAgain(State& s, const Event& e) {
    ++s.attempts;
    return createInput(s, e);
}

Effect saveStream(State& s, const Event& e) {
    const LiveInput& input = std::get_if<InputMade>(&e)->input;
    Stream& stream = s.stream;
    stream.id = s.order.streamId;
    stream.memorialId = s.order.memorialId;
    stream.title = s.order.title;
    stream.streamingMethod = s.order.streamingMethod;
    if (s.order.streamingMethod == StreamingMethod::obs) {
        stream.rtmpUrl = input.rtmpUrl;
        stream.streamKey = input.streamKey;
    } else {
        stream.whipUrl = relative(input.whipUrl, s.order.mediaBase);
    }
    stream.cloudflareInputId = input.uid;
    stream.playbackUrl = relative(input.hlsUrl, s.order.mediaBase);
    if (!input.whepUrl.empty()) stream.whepUrl = relative(input.whepUrl, s.order.mediaBase);
    stream.simulcastEnabled = false;
    stream.createdBy = s.order.user.uid;
    stream.createdAt = stream.updatedAt = s.order.now;
    return SaveStream{stream};
}
Effect deleteInput(State& s, const Event&) { return DeleteInput{s.stream.cloudflareInputId}; }

// A service without a backup is better than no service.
std::vector<core::Error> warnings(const State& s) {
    if (!s.order.enableMuxBackup) return {};
    return {{"/enableMuxBackup",
             "The Mux backup recording is not set up on this server. The stream works and is recorded, but without "
             "that second recording."}};
}
Effect created(State& s, const Event&) { return Created{s.stream, warnings(s)}; }
Effect createdBefore(State& s, const Event& e) { return Created{std::get_if<StreamFound>(&e)->stream, warnings(s)}; }

Effect forbid(State&, const Event&) { return otherFamily(); }
Effect missing(State&, const Event&) { return noMemorial(); }
Effect keyTaken(State&, const Event&) {
    return Refuse{422, "idempotency-key-reused",
                  "This request was sent before with other content. Please reload the page and try again.", ""};
}
Effect noInput(State&, const Event& e) {
    if (std::get_if<Failed>(&e)->code == "timeout") {
        return Refuse{504, "provider-timeout",
                      "The video service took too long to answer. Nothing is lost: please try again.", ""};
    }
    return Refuse{502, "provider-unavailable",
                  "The video service could not set up the stream. Please try again in a minute.", ""};
}
Effect noStore(State&, const Event&) { return storeFailed(); }

struct Rule {
    Step from;
    std::size_t event;
    bool (*when)(const State&, const Event&);
    Step to;
    Effect (*act)(State&, const Event&);
};
template <class E>
constexpr std::size_t on = core::indexOf<E, Event>;

// The first rule that fits counts.
// clang-format off
constexpr Rule kRules[] = {
    {New,         on<Ordered>,         always,      Looking,     findMemorial},
    {Looking,     on<MemorialMissing>, always,      Done,        missing},
    {Looking,     on<MemorialFound>,   notAllowed,  Done,        forbid},
    {Looking,     on<MemorialFound>,   hasKey,      Claiming,    claimKey},
    {Looking,     on<MemorialFound>,   always,      MakingInput, createInput},
    {Looking,     on<Failed>,          always,      Done,        noStore},
    {Claiming,    on<Claimed>,         otherOrder,  Done,        keyTaken},
    {Claiming,    on<Claimed>,         isKnown,     Recalling,   recall},
    {Claiming,    on<Claimed>,         always,      MakingInput, createInput},
    {Claiming,    on<Failed>,          always,      Done,        noStore},
    {Recalling,   on<StreamFound>,     always,      Done,        createdBefore},
    {Recalling,   on<StreamMissing>,   always,      MakingInput, createInput},       // the earlier try did not get this far
    {Recalling,   on<Failed>,          always,      Done,        noStore},
    {MakingInput, on<InputMade>,       always,      Saving,      saveStream},
    {MakingInput, on<Failed>,          mayTryAgain, MakingInput, createInputAgain},
    {MakingInput, on<Failed>,          always,      Done,        noInput},
    {Saving,      on<Saved>,           always,      Done,        created},
    {Saving,      on<Failed>,          always,      Checking,    findStream},        // perhaps only the answer was lost
    {Checking,    on<StreamFound>,     always,      Done,        createdBefore},     // or a twin of this order was faster
    {Checking,    on<StreamMissing>,   always,      Undoing,     deleteInput},
    {Checking,    on<Failed>,          always,      Undoing,     deleteInput},
    {Undoing,     on<InputDeleted>,    always,      Done,        noStore},
    {Undoing,     on<Failed>,          always,      Done,        noStore},
};
// clang-format on

}  // namespace

Effect step(State& state, const Event& event) {
    for (const Rule& rule : kRules) {
        if (rule.from != state.step || rule.event != event.index() || !rule.when(state, event)) continue;
        state.step = rule.to;
        return rule.act(state, event);
    }
    state.step = Done;
    return unexpected();
}

}  // namespace streams::create
