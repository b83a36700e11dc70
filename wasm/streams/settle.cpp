#include "streams/settle.hpp"

#include <algorithm>
#include <iterator>

#include "streams/rule.hpp"

namespace streams::settle {
namespace {

using enum Step;

constexpr int kLease = 120;  // seconds for one attempt; then somebody else may
// How long a request may be under way that nobody waits for any more: searches are repeated until then.
constexpr int kNextLook[] = {60, 10 * 60, 60 * 60};
constexpr int kNextAttempt[] = {30, 60, 2 * 60, 5 * 60, 10 * 60, 30 * 60, 60 * 60};

bool isDeleted(const State&, const Event& e) { return as<Failed>(e).code == "not-found"; }

template <std::size_t N>
int nth(const int (&rows)[N], int i) {
    return rows[std::clamp<int>(i, 0, static_cast<int>(N) - 1)];
}

Effect take(State& s, const Event&) { return TakeIntent{s.id, s.now, dueAfter(s.now, kLease)}; }

std::vector<std::string>& known(Intent& intent, Kind kind) {
    switch (kind) {
        case Kind::Input:
            return intent.cloudflareInputIds;
        case Kind::MuxStream:
            return intent.muxLiveStreamIds;
        case Kind::Video:
            return intent.cloudflareVideoIds;
        case Kind::MuxAsset:
            break;
    }
    return intent.muxAssetIds;
}

// ---- what is next: searches, deletions one by one, the end
Effect finish(State& s) {
    s.step = Finishing;
    Intent next = s.intent;
    if (s.failed) {
        next.due = dueAfter(s.now, std::max(nth(kNextAttempt, next.attempts++), s.pause));
        return SaveIntent{std::move(next)};
    }
    const bool looking = next.lookInputs || next.lookMux;
    if (!looking || next.looks >= static_cast<int>(std::size(kNextLook))) return DropIntent{s.id};
    next.due = dueAfter(s.now, nth(kNextLook, next.looks++));
    next.attempts = 0;
    for (const Kind kind : {Kind::Input, Kind::MuxStream, Kind::Video, Kind::MuxAsset}) known(next, kind).clear();
    return SaveIntent{std::move(next)};
}
Effect deleteNext(State& s) {
    if (s.doomed.empty()) return finish(s);
    s.step = Deleting;
    const auto& [kind, id] = s.doomed.front();
    switch (kind) {
        case Kind::Input:
            return DeleteInput{id};
        case Kind::MuxStream:
            return DeleteMuxStream{id};
        case Kind::Video:
            return DeleteVideo{id};
        case Kind::MuxAsset:
            break;
    }
    return DeleteMuxAsset{id};
}
// Recordings last: by then nothing adds to them.
Effect deleteAll(State& s) {
    for (const Kind kind : {Kind::Input, Kind::MuxStream, Kind::Video, Kind::MuxAsset}) {
        for (const std::string& id : known(s.found, kind)) s.doomed.push_back({kind, id});
    }
    return deleteNext(s);
}
Effect searchMux(State& s) {
    if (!s.intent.lookMux) return deleteAll(s);
    s.step = SearchingMux;
    return FindMuxStreams{s.id};
}
Effect search(State& s) {
    if (!s.intent.lookInputs) return searchMux(s);
    s.step = SearchingInputs;
    return FindInputs{s.id};
}

void add(std::vector<std::string>& to, const std::vector<std::string>& ids, const std::string& kept = {}) {
    for (const std::string& id : ids) {
        if (id != kept && std::find(to.begin(), to.end(), id) == to.end()) to.push_back(id);
    }
}

// The document is read after the intent was taken: from then on, it can only lose references to what bears the mark.
Effect read(State& s, const Event& e) {
    s.intent = as<Taken>(e).intent;
    return FindStream{s.intent.streamId};
}
Effect begin(State& s, const Event&) {
    add(s.found.cloudflareInputIds, s.intent.cloudflareInputIds, s.keptInput);
    add(s.found.muxLiveStreamIds, s.intent.muxLiveStreamIds, s.keptMux);
    add(s.found.cloudflareVideoIds, s.intent.cloudflareVideoIds);
    add(s.found.muxAssetIds, s.intent.muxAssetIds);
    return search(s);
}
Effect beginBeside(State& s, const Event& e) {
    const Stream& stream = as<StreamFound>(e).stream;
    s.keptInput = stream.cloudflareInputId;
    s.keptMux = stream.muxLiveStreamId.value_or("");
    return begin(s, e);
}
Effect inputsFound(State& s, const Event& e) {
    add(s.found.cloudflareInputIds, as<Found>(e).ids, s.keptInput);
    return searchMux(s);
}
Effect muxFound(State& s, const Event& e) {
    add(s.found.muxLiveStreamIds, as<Found>(e).ids, s.keptMux);
    return deleteAll(s);
}
Effect inputsNotFound(State& s, const Event&) {
    s.failed = true;
    return searchMux(s);
}
Effect muxNotFound(State& s, const Event&) {
    s.failed = true;
    return deleteAll(s);
}
Effect deleted(State& s, const Event&) {
    s.doomed.erase(s.doomed.begin());
    return deleteNext(s);
}
Effect stays(State& s, const Event& e) {  // one provider's trouble does not spare the other
    s.failed = true;
    const auto& [kind, id] = s.doomed.front();
    add(known(s.intent, kind), {id});
    return deleted(s, e);
}

Effect nothing(State&, const Event&) { return Answer{"nothing to do"}; }
Effect later(State&, const Event&) { return Answer{"later"}; }
Effect finished(State& s, const Event&) { return Answer{s.failed ? "later" : "settled"}; }

using Rule = RuleOf<State, Event, Effect>;
template <class E>
constexpr std::size_t on = core::indexOf<E, Event>;

// The first rule that fits counts.
// clang-format off
constexpr Rule kRules[] = {
    {New,             on<Asked>,         always,    Taking,          take},
    {Taking,          on<Taken>,         always,    Reading,         read},
    {Taking,          on<NotDue>,        always,    Done,            nothing},
    {Taking,          on<Failed>,        always,    Done,            later},        // it is due, or will be when its lease ends
    {Reading,         on<StreamFound>,   always,    SearchingInputs, beginBeside},
    {Reading,         on<StreamMissing>, always,    SearchingInputs, begin},
    {Reading,         on<Failed>,        always,    Done,            later},        // nothing is deleted unread
    {SearchingInputs, on<Found>,         always,    SearchingMux,    inputsFound},
    {SearchingInputs, on<Failed>,        always,    SearchingMux,    inputsNotFound},
    {SearchingMux,    on<Found>,         always,    Deleting,        muxFound},
    {SearchingMux,    on<Failed>,        always,    Deleting,        muxNotFound},
    {Deleting,        on<Carried>,       always,    Deleting,        deleted},
    {Deleting,        on<Failed>,        isDeleted, Deleting,        deleted},
    {Deleting,        on<Failed>,        always,    Deleting,        stays},
    {Finishing,       on<Carried>,       always,    Done,            finished},
    {Finishing,       on<Failed>,        always,    Done,            later},
};
// clang-format on

}  // namespace

Effect step(State& state, const Event& event) {
    if (const auto* failed = std::get_if<Failed>(&event)) state.pause = std::max(state.pause, failed->retryAfter);
    if (auto effect = applyFirst(kRules, state, event)) return *std::move(effect);
    state.step = Done;
    return Answer{"a result that nothing asked for"};
}

}  // namespace streams::settle
