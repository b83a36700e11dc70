#include "streams/reconcile.hpp"

#include <algorithm>

#include "streams/access.hpp"
#include "streams/intent.hpp"
#include "streams/rule.hpp"

namespace streams::reconcile {
namespace {

using enum Step;

constexpr int kMostConflicts = 20;

constexpr int kLease = 60;  // seconds for one attempt; then somebody else may

// ---- guards
bool isDue(const State& s, const Event&) { return !s.user && !s.force; }
bool byPerson(const State& s, const Event&) { return s.user.has_value(); }
bool notAllowed(const State& s, const Event& e) { return !mayManage(*s.user, as<MemorialFound>(e).memorial); }
bool hasMux(const State& s, const Event&) { return s.stream.muxLiveStreamId.has_value(); }
bool isMissing(const State&, const Event& e) { return as<Failed>(e).code == "not-found"; }
bool isConflict(const State& s, const Event& e) {
    return as<Failed>(e).code == "conflict" && s.conflicts < kMostConflicts;
}

// ---- actions
Effect find(State& s, const Event&) { return FindStream{s.id}; }
Effect take(State& s, const Event&) { return TakeCheck{s.id, s.now, dueAfter(s.now, kLease)}; }
void keep(State& s, const Event& e) {
    s.stream = as<StreamFound>(e).stream;
    s.version = as<StreamFound>(e).version;
}
Effect findMemorial(State& s, const Event& e) {
    keep(s, e);
    return FindMemorial{s.stream.memorialId};
}
Effect askInput(State& s, const Event&) { return GetInput{s.stream.cloudflareInputId}; }
Effect askInputNow(State& s, const Event& e) {
    keep(s, e);
    return askInput(s, e);
}
Effect askVideos(State& s, const Event& e) {
    s.facts.status = as<InputTold>(e).status;
    s.facts.input = as<InputTold>(e).input;
    return ListVideos{s.stream.cloudflareInputId};
}
Effect askVideosOnly(State& s, const Event&) {
    s.facts.unasked = true;
    return ListVideos{s.stream.cloudflareInputId};
}
Effect askMux(State& s, const Event&) { return GetMuxStream{*s.stream.muxLiveStreamId}; }
Effect askAssets(State& s, const Event&) { return ListMuxAssets{*s.stream.muxLiveStreamId}; }

Effect answer(State& s, const char* what) {
    s.step = Done;
    if (!s.user) return Answer{what};
    return Answer{what, s.after};
}

Effect update(State& s) {
    // A person who asks wants the truth, not what we had before.
    if (s.user && s.facts.unasked && !s.facts.videos) {
        s.step = Done;
        return Refuse{502, "provider-unavailable",
                      "The video service could not be asked just now. Please try again in a minute.", ""};
    }
    s.after = reconciled(s.stream, s.facts, s.now);
    // Addresses heal what an update that was lost left behind; but those read before somebody else's update may be its
    // former ones: then they are asked for again soon.
    if (s.facts.input) {
        Stream healed = s.after;
        takeAddresses(healed, *s.facts.input, s.bases.media);
        const bool differs = healed != s.after;
        if (differs && s.conflicts == 0) {
            s.after = std::move(healed);
            s.after.updatedAt = s.now;
        } else if (differs) {
            const std::string soon = dueAfter(s.now, kLease);
            s.after.nextCheckAt = std::min(s.after.nextCheckAt.value_or(soon), soon);
        }
    }
    if (s.after == s.stream) return answer(s, "nothing new");
    s.step = Updating;
    return UpdateStream{s.version, s.stream, s.after};
}
Effect videosTold(State& s, const Event& e) {
    s.facts.videos = as<VideosTold>(e).videos;
    return update(s);
}
Effect askMuxAfter(State& s, const Event& e) {
    s.facts.videos = as<VideosTold>(e).videos;
    return askMux(s, e);
}
Effect noVideos(State& s, const Event&) { return update(s); }  // the input is gone, and its list with it
Effect videosUntold(State& s, const Event&) {
    s.facts.unasked = true;
    return update(s);
}
Effect askMuxInstead(State& s, const Event& e) {
    s.facts.unasked = s.facts.unasked || !isMissing(s, e);
    return askMux(s, e);
}
Effect muxTold(State& s, const Event& e) {
    s.facts.mux = as<MuxTold>(e).state;
    return askAssets(s, e);
}
Effect muxUntold(State& s, const Event& e) {
    s.facts.unasked = true;
    return askAssets(s, e);
}
Effect assetsTold(State& s, const Event& e) {
    s.facts.assets = as<AssetsTold>(e).assets;
    return update(s);
}
Effect findAgain(State& s, const Event&) {
    ++s.conflicts;
    return FindStream{s.id};
}
Effect updateAgain(State& s, const Event& e) {
    keep(s, e);
    return update(s);
}
Effect checked(State& s, const Event&) { return answer(s, "checked"); }
Effect isNotDue(State&, const Event&) { return Answer{"not due"}; }
Effect missingStream(State& s, const Event&) {
    if (s.user) return noStream();
    return Answer{"no such stream"};
}
Effect forbid(State&, const Event&) { return otherFamily(); }
Effect noStore(State&, const Event&) { return storeFailed(); }

using Rule = RuleOf<State, Event, Effect>;
template <class E>
constexpr std::size_t on = core::indexOf<E, Event>;

// The first rule that fits counts.
// clang-format off
constexpr Rule kRules[] = {
    {New,          on<Asked>,           isDue,      Taking,       take},
    {New,          on<Asked>,           always,     Finding,      find},
    {Taking,       on<StreamFound>,     always,     AskingInput,  askInputNow},
    {Taking,       on<StreamMissing>,   always,     Done,         isNotDue},
    {Taking,       on<Failed>,          always,     Done,         noStore},
    {Finding,      on<StreamMissing>,   always,     Done,         missingStream},
    {Finding,      on<StreamFound>,     byPerson,   Authorizing,  findMemorial},
    {Finding,      on<StreamFound>,     always,     AskingInput,  askInputNow},
    {Finding,      on<Failed>,          always,     Done,         noStore},
    {Authorizing,  on<MemorialMissing>, always,     Done,         missingStream},
    {Authorizing,  on<MemorialFound>,   notAllowed, Done,         forbid},
    {Authorizing,  on<MemorialFound>,   always,     AskingInput,  askInput},
    {Authorizing,  on<Failed>,          always,     Done,         noStore},
    {AskingInput,  on<InputTold>,       always,     AskingVideos, askVideos},
    {AskingInput,  on<Failed>,          always,     AskingVideos, askVideosOnly},
    {AskingVideos, on<VideosTold>,      hasMux,     AskingMux,    askMuxAfter},
    {AskingVideos, on<VideosTold>,      always,     Updating,     videosTold},
    {AskingVideos, on<Failed>,          hasMux,     AskingMux,    askMuxInstead},
    {AskingVideos, on<Failed>,          isMissing,  Updating,     noVideos},
    {AskingVideos, on<Failed>,          always,     Updating,     videosUntold},
    {AskingMux,    on<MuxTold>,         always,     AskingAssets, muxTold},
    {AskingMux,    on<Failed>,          always,     AskingAssets, muxUntold},
    {AskingAssets, on<AssetsTold>,      always,     Updating,     assetsTold},
    {AskingAssets, on<Failed>,          always,     Updating,     videosUntold},
    {Updating,     on<Updated>,         always,     Done,         checked},
    {Updating,     on<Failed>,          isConflict, FindingAgain, findAgain},
    {Updating,     on<Failed>,          always,     Done,         noStore},
    {FindingAgain, on<StreamFound>,     always,     Updating,     updateAgain},
    {FindingAgain, on<StreamMissing>,   always,     Done,         missingStream},
    {FindingAgain, on<Failed>,          always,     Done,         noStore},
};
// clang-format on

}  // namespace

Effect step(State& state, const Event& event) {
    if (const auto* failed = std::get_if<Failed>(&event)) {
        state.facts.pause = std::max(state.facts.pause, failed->retryAfter);
    }
    if (auto effect = applyFirst(kRules, state, event)) return *std::move(effect);
    state.step = Done;
    return unexpected();
}

}  // namespace streams::reconcile
