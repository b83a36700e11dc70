#include "streams/notice.hpp"

#include "streams/rule.hpp"
#include "streams/schedule.hpp"

namespace streams::notice {
namespace {

using enum Step;

// Writers of one stream are a handful of notices at most; more than this is a fault, and the provider sends again.
constexpr int kMostConflicts = 20;

bool isNews(const State& s, const Event& e) {
    const Stream& stream = std::get_if<StreamFound>(&e)->stream;
    return merge(stream, s.told.notice) != stream;
}
bool hasMark(const State& s, const Event&) { return !s.byMark && !s.told.about.passthrough.empty(); }
// A live stream of Mux that bears the stream's mark, but is not the one it uses: it is about to be deleted.
bool isStray(const State& s, const Event& e) {
    const std::string& id = s.told.about.muxLiveStreamId;
    return s.byMark && !id.empty() && std::get_if<StreamFound>(&e)->stream.muxLiveStreamId != id;
}
bool isDuplicate(const State&, const Event& e) { return std::get_if<Updated>(&e)->duplicate; }
bool isConflict(const State& s, const Event& e) {
    return std::get_if<Failed>(&e)->code == "conflict" && s.conflicts < kMostConflicts;
}

// A backup that was tried again bears the mark "<stream id>:<attempt>".
Effect findByMark(State& s, const Event&) {
    s.byMark = true;
    const std::string& mark = s.told.about.passthrough;
    return FindStream{"id", mark.substr(0, mark.find(':'))};
}
Effect search(State& s, const Event& e) {
    const About& about = s.told.about;
    if (s.byMark) return findByMark(s, e);
    if (!about.cloudflareInputId.empty()) return FindStream{"cloudflareInputId", about.cloudflareInputId};
    if (!about.muxLiveStreamId.empty()) return FindStream{"muxLiveStreamId", about.muxLiveStreamId};
    return findByMark(s, e);
}
Effect find(State& s, const Event& e) {
    s.told = *std::get_if<Told>(&e);
    return search(s, e);
}
Effect findAgain(State& s, const Event& e) {
    ++s.conflicts;
    return search(s, e);
}
Effect update(State& s, const Event& e) {
    const auto& found = *std::get_if<StreamFound>(&e);
    Stream after = merge(found.stream, s.told.notice);
    after.updatedAt = s.now;
    after.nextCheckAt = nextCheck(after, s.now);
    return UpdateStream{found.version, found.stream, std::move(after), s.told.eventKey};
}
Effect acceptUpdate(State&, const Event&) { return Accept{"updated"}; }
Effect acceptDuplicate(State&, const Event&) { return Accept{"known already"}; }
Effect acceptOld(State&, const Event&) { return Accept{"nothing new"}; }
Effect acceptUnknown(State&, const Event&) { return Accept{"unknown input"}; }
Effect acceptIrrelevant(State&, const Event& e) { return Accept{std::get_if<Irrelevant>(&e)->why}; }
Effect refuse(State&, const Event& e) {
    const core::Error& fault = std::get_if<Malformed>(&e)->fault;
    return Refuse{400, "malformed", "This notice is not what it should be: " + fault.what + ".", fault.where};
}
Effect noStore(State&, const Event&) { return storeFailed(); }

using Rule = RuleOf<State, Event, Effect>;
template <class E>
constexpr std::size_t on = core::indexOf<E, Event>;

// The first rule that fits counts. An unknown input is acknowledged: refusing would bring the notice back for hours.
// clang-format off
constexpr Rule kRules[] = {
    {New,      on<Told>,          always,     Finding,  find},
    {New,      on<Irrelevant>,    always,     Done,     acceptIrrelevant},
    {New,      on<Malformed>,     always,     Done,     refuse},
    {Finding,  on<StreamMissing>, hasMark,    Finding,  findByMark},
    {Finding,  on<StreamMissing>, always,     Done,     acceptUnknown},
    {Finding,  on<StreamFound>,   isStray,    Done,     acceptUnknown},
    {Finding,  on<StreamFound>,   isNews,     Updating, update},
    {Finding,  on<StreamFound>,   always,     Done,     acceptOld},
    {Finding,  on<Failed>,        always,     Done,     noStore},
    {Updating, on<Updated>,       isDuplicate, Done,    acceptDuplicate},
    {Updating, on<Updated>,       always,     Done,     acceptUpdate},
    {Updating, on<Failed>,        isConflict, Finding,  findAgain},  // another notice was faster: look at what it left
    {Updating, on<Failed>,        always,     Done,     noStore},
};
// clang-format on

}  // namespace

Effect step(State& state, const Event& event) {
    if (auto effect = applyFirst(kRules, state, event)) return *std::move(effect);
    state.step = Done;
    return unexpected();
}

}  // namespace streams::notice
