#include "streams/read.hpp"

#include <algorithm>
#include <iterator>

#include "streams/access.hpp"
#include "streams/rule.hpp"

namespace streams::read {
namespace {

using enum Step;

bool notAllowed(const State& s, const Event& e) { return !mayManage(s.user, as<MemorialFound>(e).memorial); }
bool mayNotCreate(const State&, const Event& e) { return !mayCreateMemorial(as<CreateMemorial>(e).user); }

Effect findViewed(State&, const Event& e) { return FindMemorial{as<ViewMemorial>(e).memorialId}; }
Effect findListed(State& s, const Event& e) {
    s.user = as<ListStreams>(e).user;
    return FindMemorial{as<ListStreams>(e).memorialId};
}
Effect findStream(State& s, const Event& e) {
    s.user = as<GetStream>(e).user;
    return FindStream{as<GetStream>(e).id};
}
Effect findMemorials(State& s, const Event& e) {
    s.user = as<ListMemorials>(e).user;
    return FindMemorials{};
}
Effect saveMemorial(State& s, const Event& e) {
    const auto& [user, memorial] = as<CreateMemorial>(e);
    s.memorial = memorial;
    s.memorial.ownerUid = user.uid;
    if (user.role == "funeral_director") s.memorial.funeralDirectorUid = user.uid;
    return SaveMemorial{s.memorial};
}
Effect findStreams(State& s, const Event& e) {
    s.memorial = as<MemorialFound>(e).memorial;
    return FindStreams{s.memorial.id};
}
Effect findItsMemorial(State& s, const Event& e) {
    s.stream = as<StreamFound>(e).stream;
    return FindMemorial{s.stream.memorialId};
}

// Newest first: the service of today stands above the rehearsal of yesterday.
std::vector<Stream> newestFirst(std::vector<Stream> streams) {
    std::sort(streams.begin(), streams.end(), [](const Stream& a, const Stream& b) {
        return a.createdAt != b.createdAt ? a.createdAt > b.createdAt : a.id < b.id;
    });
    return streams;
}

Effect showMemorial(State& s, const Event& e) {
    return ShowMemorial{s.memorial, newestFirst(as<StreamsFound>(e).streams)};
}
Effect showStreams(State& s, const Event& e) {
    return ShowStreams{s.memorial, newestFirst(as<StreamsFound>(e).streams)};
}
Effect showStream(State& s, const Event&) { return ShowStream{s.stream}; }
Effect showMemorials(State& s, const Event& e) {
    std::vector<Memorial> allowed;
    const auto& found = as<MemorialsFound>(e).memorials;
    std::copy_if(found.begin(), found.end(), std::back_inserter(allowed),
                 [&s](const Memorial& memorial) { return mayManage(s.user, memorial); });
    return ShowMemorials{std::move(allowed)};
}
Effect showCreated(State& s, const Event&) { return ShowCreated{s.memorial}; }

Effect missingMemorial(State&, const Event&) { return noMemorial(); }
Effect missingStream(State&, const Event&) { return noStream(); }
Effect forbid(State&, const Event&) { return otherFamily(); }
Effect forbidCreating(State&, const Event&) {
    return Refuse{403, "forbidden", "Only administrators and funeral directors can open a memorial.", ""};
}
Effect noStore(State&, const Event&) { return storeFailed(); }

using Rule = RuleOf<State, Event, Effect>;
template <class E>
constexpr std::size_t on = core::indexOf<E, Event>;

// The first rule that fits counts.
// clang-format off
constexpr Rule kRules[] = {
    {New,            on<ViewMemorial>,    always,       Viewing,        findViewed},
    {Viewing,        on<MemorialMissing>, always,       Done,           missingMemorial},
    {Viewing,        on<MemorialFound>,   always,       ViewingStreams, findStreams},
    {Viewing,        on<Failed>,          always,       Done,           noStore},
    {ViewingStreams, on<StreamsFound>,    always,       Done,           showMemorial},
    {ViewingStreams, on<Failed>,          always,       Done,           noStore},

    {New,            on<ListStreams>,     always,       Listing,        findListed},
    {Listing,        on<MemorialMissing>, always,       Done,           missingMemorial},
    {Listing,        on<MemorialFound>,   notAllowed,   Done,           forbid},
    {Listing,        on<MemorialFound>,   always,       ListingStreams, findStreams},
    {Listing,        on<Failed>,          always,       Done,           noStore},
    {ListingStreams, on<StreamsFound>,    always,       Done,           showStreams},
    {ListingStreams, on<Failed>,          always,       Done,           noStore},

    {New,            on<GetStream>,       always,       Getting,        findStream},
    {Getting,        on<StreamMissing>,   always,       Done,           missingStream},
    {Getting,        on<StreamFound>,     always,       Authorizing,    findItsMemorial},
    {Getting,        on<Failed>,          always,       Done,           noStore},
    {Authorizing,    on<MemorialMissing>, always,       Done,           missingStream},
    {Authorizing,    on<MemorialFound>,   notAllowed,   Done,           forbid},
    {Authorizing,    on<MemorialFound>,   always,       Done,           showStream},
    {Authorizing,    on<Failed>,          always,       Done,           noStore},

    {New,            on<ListMemorials>,   always,       Choosing,       findMemorials},
    {Choosing,       on<MemorialsFound>,  always,       Done,           showMemorials},
    {Choosing,       on<Failed>,          always,       Done,           noStore},

    {New,            on<CreateMemorial>,  mayNotCreate, Done,           forbidCreating},
    {New,            on<CreateMemorial>,  always,       Saving,         saveMemorial},
    {Saving,         on<Saved>,           always,       Done,           showCreated},
    {Saving,         on<Failed>,          always,       Done,           noStore},
};
// clang-format on

}  // namespace

Effect step(State& state, const Event& event) {
    if (auto effect = applyFirst(kRules, state, event)) return *std::move(effect);
    state.step = Done;
    return unexpected();
}

}  // namespace streams::read
