#include "streams/create.hpp"

#include "streams/access.hpp"
#include "streams/backup.hpp"
#include "streams/rule.hpp"
#include "streams/schedule.hpp"

namespace streams::create {
namespace {

using enum Step;

constexpr int kMostAttempts = 3;
constexpr int kLease = 120;  // seconds: longer than a creation takes at its slowest
constexpr int kWait = 500, kMostWaits = 20;
constexpr int kFirstLook = 60;  // seconds

// ---- guards
bool notAllowed(const State& s, const Event& e) { return !mayManage(s.order.user, as<MemorialFound>(e).memorial); }
bool hasKey(const State& s, const Event&) { return !s.order.idempotencyKey.empty(); }
bool otherOrder(const State&, const Event& e) { return !as<Claimed>(e).sameOrder; }
bool isBusy(const State&, const Event& e) { return as<Claimed>(e).busy; }
bool isKnown(const State& s, const Event& e) { return as<Claimed>(e).streamId != s.order.streamId; }
bool isKnownStill(const State& s, const Event& e) { return isKnown(s, e) && s.waits >= kMostWaits; }
bool wantsBackup(const State& s, const Event&) {
    return s.order.enableMuxBackup && !whyNoBackup(pathOf(s.order.setup, s.order.streamingMethod), s.order.setup);
}
bool hasBackup(const State& s, const Event&) { return !s.backup.id.empty(); }
bool mayTakeOtherKey(const State& s, const Event& e) {
    return as<Failed>(e).code == "conflict" && s.attempts < kMostAttempts;
}
bool isFirstUnknown(const State& s, const Event& e) { return isUnknown(as<Failed>(e)) && !s.lookInput; }
bool nothingMade(const State& s, const Event& e) {
    return s.backup.id.empty() && !s.lookMux && !s.lookInput && !isUnknown(as<Failed>(e));
}

// ---- actions
Intent intent(const State& s, Intent::Phase phase, int seconds) {
    return {.id = s.order.streamId,
            .streamId = s.order.streamId,
            .phase = phase,
            .due = dueAfter(s.order.now, seconds),
            .lookMux = s.lookMux};
}

Effect findMemorial(State& s, const Event&) { return FindMemorial{s.order.memorialId}; }
Effect saveIntent(State& s, const Event& e) {
    Intent making = intent(s, Intent::Phase::making, kLease);
    making.lookInputs = true;
    making.lookMux = wantsBackup(s, e);
    return SaveIntent{std::move(making)};
}
Effect claimKey(State& s, const Event&) {
    return ClaimKey{s.order.user.uid, s.order.idempotencyKey, s.order, s.earlier};
}
Effect recall(State& s, const Event& e) {
    s.earlier = as<Claimed>(e).streamId;
    ++s.waits;
    return FindStream{s.earlier};
}
Effect wait(State& s, const Event& e) {
    s.earlier = as<Claimed>(e).streamId;
    ++s.waits;
    return Wait{kWait};
}
Effect recallAgain(State& s, const Event&) { return FindStream{s.earlier}; }

Effect createBackup(State& s, const Event&) { return CreateMuxStream{s.order.streamId, s.order.title}; }

// Cloudflare answers 409 for a key whose input was deleted: ":2" asks for a new one.
Effect createInput(State& s, const Event&) {
    const std::string again = s.attempts == 1 ? "" : ":" + std::to_string(s.attempts);
    return CreateInput{s.order.streamId, s.order.streamId + again, s.order.title, s.order.memorialId, s.order.user.uid};
}
Effect createInputBeside(State& s, const Event& e) {
    s.backup = as<BackupMade>(e).backup;
    return createInput(s, e);
}
Effect createInputOnly(State& s, const Event& e) {
    s.lookMux = isUnknown(as<Failed>(e));
    s.stream.backup = Backup::failed;
    return createInput(s, e);
}
Effect createInputAgain(State& s,
                        const Event& e) {  // under the same key: should the first have been made, it is that one
    s.lookInput = true;
    return createInput(s, e);
}
Effect createInputUnderOtherKey(State& s, const Event& e) {
    ++s.attempts;
    return createInput(s, e);
}

void fill(State& s, const LiveInput& input) {
    const Order& order = s.order;
    Stream& stream = s.stream;
    stream.id = order.streamId;
    stream.memorialId = order.memorialId;
    stream.title = order.title;
    stream.scheduledAt = order.scheduledAt;
    stream.streamingMethod = order.streamingMethod;
    stream.path = pathOf(order.setup, order.streamingMethod);
    stream.ingest = stream.path == Path::embedded || stream.path == Path::relay ? Ingest::relay : Ingest::direct;
    stream.cloudflareInputId = input.uid;
    takeAddresses(stream, input, order.mediaBase);
    if (stream.path == Path::relay) {
        takeRelayAddress(stream, order.setup.relayUrl, order.relaySecret, order.mediaBase);
    }
    if (!s.backup.id.empty()) {
        stream.muxLiveStreamId = s.backup.id;
        stream.muxStreamKey = s.backup.streamKey;
        stream.muxIngestUrl = s.backup.ingestUrl;
        stream.muxPlaybackId = s.backup.playbackId;
        stream.recordingSources.mux = RecordingSource{};
        stream.backup = Backup::pending;
    }
    stream.simulcastEnabled = false;
    stream.createdBy = order.user.uid;
    stream.createdAt = stream.updatedAt = order.now;
    stream.nextCheckAt = nextCheck(stream, order.now);
}

Effect save(State& s) {
    Intent left = intent(s, Intent::Phase::settling, kFirstLook);
    // Under its own key, what came of an earlier request is another live input than this one.
    left.lookInputs = s.lookInput && s.attempts > 1;
    if (!left.lookInputs && !left.lookMux) return SaveStream{s.stream, {}};
    return SaveStream{s.stream, std::move(left)};
}
Effect saveStream(State& s, const Event& e) {
    fill(s, as<InputMade>(e).input);
    return save(s);
}
Effect createOutput(State& s, const Event& e) {
    fill(s, as<InputMade>(e).input);
    return CreateOutput{s.stream.cloudflareInputId, s.backup.ingestUrl, s.backup.streamKey};
}
Effect saveWithOutput(State& s, const Event& e) {
    s.stream.cloudflareOutputId = as<OutputMade>(e).id;
    s.stream.simulcastEnabled = true;
    s.stream.backup = Backup::ready;
    return save(s);
}
Effect saveWithoutOutput(State& s, const Event&) { return save(s); }
Effect findStream(State& s, const Event&) { return FindStream{s.order.streamId}; }

Effect created(State& s, const Event&) { return Created{s.stream, warnings(s.order, s.stream)}; }
Effect createdAfterAll(State& s, const Event& e) {
    const Stream& stream = as<StreamFound>(e).stream;
    return Created{stream, warnings(s.order, stream)};
}

// Nothing was made: the intent goes, then the answer.
Effect drop(State& s, Effect answer) {
    s.answer = std::move(answer);
    return DropIntent{s.order.streamId};
}
Effect createdBefore(State& s, const Event& e) { return drop(s, createdAfterAll(s, e)); }
Effect keyTaken(State& s, const Event&) {
    return drop(
        s, Refused{{422, "idempotency-key-reused",
                    "This request was sent before with other content. Please reload the page and try again.", ""}});
}
Effect stillBusy(State& s, const Event&) {
    return drop(
        s, Refused{{409, "being-created",
                    "This stream is still being set up by an earlier request. Please try again in a minute.", ""}});
}
Effect dropUnsaved(State& s, const Event&) { return drop(s, Refused{storeFailed()}); }

Refuse noInput(const Event& e) {
    Refuse refusal = providerFailed(as<Failed>(e));
    if (refusal.status == 502) {
        refusal.what = "The video service could not set up the stream. Please try again in a minute.";
    }
    return refusal;
}
Effect dropWithoutInput(State& s, const Event& e) { return drop(s, Refused{noInput(e)}); }

// Something was made, or may have been: the intent stays, then the answer.
Effect leave(State& s, Refuse refusal) {
    s.answer = Refused{std::move(refusal), s.order.streamId};
    Intent left = intent(s, Intent::Phase::settling, 0);
    left.lookInputs = s.lookInput;
    if (!s.stream.cloudflareInputId.empty()) left.cloudflareInputIds = {s.stream.cloudflareInputId};
    if (!s.backup.id.empty()) left.muxLiveStreamIds = {s.backup.id};
    return SaveIntent{std::move(left)};
}
Effect leaveWithoutInput(State& s, const Event& e) {
    s.lookInput = s.lookInput || isUnknown(as<Failed>(e));
    return leave(s, noInput(e));
}
Effect leaveUnsaved(State& s, const Event&) { return leave(s, storeFailed()); }
Effect answer(State& s, const Event&) { return *s.answer; }

Effect forbid(State&, const Event&) { return Refused{otherFamily()}; }
Effect missing(State&, const Event&) { return Refused{noMemorial()}; }
Effect noStore(State&, const Event&) { return Refused{storeFailed()}; }

using Rule = RuleOf<State, Event, Effect>;
template <class E>
constexpr std::size_t on = core::indexOf<E, Event>;

// The first rule that fits counts.
// clang-format off
constexpr Rule kRules[] = {
    {New,          on<Ordered>,         always,          Looking,      findMemorial},
    {Looking,      on<MemorialMissing>, always,          Done,         missing},
    {Looking,      on<MemorialFound>,   notAllowed,      Done,         forbid},
    {Looking,      on<MemorialFound>,   always,          Intending,    saveIntent},
    {Looking,      on<Failed>,          always,          Done,         noStore},
    {Intending,    on<Saved>,           hasKey,          Claiming,     claimKey},
    {Intending,    on<Saved>,           wantsBackup,     MakingBackup, createBackup},
    {Intending,    on<Saved>,           always,          MakingInput,  createInput},
    {Intending,    on<Failed>,          always,          Done,         noStore},        // saved after all, it comes due for nothing

    {Claiming,     on<Claimed>,         otherOrder,      Dropping,     keyTaken},
    {Claiming,     on<Claimed>,         isKnownStill,    Dropping,     stillBusy},
    {Claiming,     on<Claimed>,         isBusy,          Waiting,      wait},
    {Claiming,     on<Claimed>,         isKnown,         Recalling,    recall},
    {Claiming,     on<Claimed>,         wantsBackup,     MakingBackup, createBackup},
    {Claiming,     on<Claimed>,         always,          MakingInput,  createInput},
    {Claiming,     on<Failed>,          always,          Dropping,     dropUnsaved},
    {Recalling,    on<StreamFound>,     always,          Dropping,     createdBefore},
    {Recalling,    on<StreamMissing>,   always,          Claiming,     claimKey},       // instead of that one
    {Recalling,    on<Failed>,          always,          Dropping,     dropUnsaved},
    {Waiting,      on<Waited>,          always,          Recalling,    recallAgain},
    {Waiting,      on<Failed>,          always,          Dropping,     stillBusy},

    {MakingBackup, on<BackupMade>,      always,          MakingInput,  createInputBeside},
    {MakingBackup, on<Failed>,          always,          MakingInput,  createInputOnly},  // no backup is better than no service
    {MakingInput,  on<InputMade>,       hasBackup,       MakingOutput, createOutput},
    {MakingInput,  on<InputMade>,       always,          Saving,       saveStream},
    {MakingInput,  on<Failed>,          mayTakeOtherKey, MakingInput,  createInputUnderOtherKey},
    {MakingInput,  on<Failed>,          isFirstUnknown,  MakingInput,  createInputAgain},
    {MakingInput,  on<Failed>,          nothingMade,     Dropping,     dropWithoutInput},
    {MakingInput,  on<Failed>,          always,          Leaving,      leaveWithoutInput},
    {MakingOutput, on<OutputMade>,      always,          Saving,       saveWithOutput},
    {MakingOutput, on<Failed>,          always,          Saving,       saveWithoutOutput},
    {Saving,       on<Saved>,           always,          Done,         created},
    {Saving,       on<Failed>,          always,          Checking,     findStream},     // perhaps only the answer was lost
    {Checking,     on<StreamFound>,     always,          Done,         createdAfterAll},
    {Checking,     on<StreamMissing>,   always,          Leaving,      leaveUnsaved},
    {Checking,     on<Failed>,          always,          Leaving,      leaveUnsaved},

    {Dropping,     on<Saved>,           always,          Done,         answer},
    {Dropping,     on<Failed>,          always,          Done,         answer},         // it comes due for nothing
    {Leaving,      on<Saved>,           always,          Done,         answer},
    {Leaving,      on<Failed>,          always,          Done,         answer},         // the first intent is there, and comes due
};
// clang-format on

}  // namespace

std::vector<core::Error> warnings(const Order& order, const Stream& stream) {
    if (!order.enableMuxBackup) return {};
    const auto what = stream.backup ? warningOf(stream.backup) : whyNoBackup(stream.path, order.setup);
    if (!what) return {};
    return {{"/enableMuxBackup", *what}};
}

Effect step(State& state, const Event& event) {
    if (auto effect = applyFirst(kRules, state, event)) return *std::move(effect);
    state.step = Done;
    return Refused{unexpected()};
}

}  // namespace streams::create
