// Which worlds are the same.
#include <algorithm>

#include "whip/explorer_world.hpp"

namespace whip::explorer {
namespace {

class Hash {
public:
    void add(std::uint64_t value) { at_ = (at_ ^ value) * 0x9E3779B97F4A7C15ULL, at_ ^= at_ >> 29; }
    void add(int value) { add(static_cast<std::uint64_t>(static_cast<std::int64_t>(value))); }
    void add(bool value) { add(value ? 1 : 2); }
    void add(const std::string& value) {
        for (const char c : value) add(int{c});
        add(-1);
    }
    [[nodiscard]] std::uint64_t value() const { return at_; }

private:
    std::uint64_t at_ = 14695981039346656037ULL;
};

}  // namespace

std::uint64_t fingerprint(const World& w) {
    const Session& s = w.session;
    Hash h;
    for (const int n :
         {int(s.phase), int(s.reason), s.drops, s.ticks, s.ice.tries, s.refusals, w.probes, w.candidates, w.credit})
        h.add(n);
    for (const bool b : {s.asking,
                         s.media != 0,
                         s.peer,
                         s.going,
                         s.lived,
                         s.linked,
                         s.faltering,
                         s.reached,
                         s.unreachable,
                         s.asked,
                         s.far.trickles,
                         s.far.restarts,
                         s.far.quotes,
                         !s.far.endpoint.empty(),
                         !s.far.token.empty(),
                         s.ice.gathered,
                         s.ice.endSent,
                         s.ice.sending,
                         s.ice.resynced,
                         s.ice.newServers,
                         s.ice.pending,
                         s.ice.applied,
                         s.ice.round != 0,
                         !s.offer.empty(),
                         !s.resource.empty(),
                         !s.etag.empty(),
                         w.timer,
                         w.answered,
                         w.endless})
        h.add(b);
    h.add(int(s.far.servers.size())), h.add(int(s.ice.candidates.size())), h.add(int(s.ice.sent)),
        h.add(int(s.strays.size()));
    const auto turns = [&](const std::vector<int>& list, int now) {
        for (const int each : list) h.add(std::max(each - now, -2));
        h.add(99);
    };
    turns(w.captures, s.take), turns(w.offers, s.turn), turns(w.posts, s.turn);
    const auto replies = [&](const std::vector<Reply>& list) {
        for (const Reply& each : list) {
            const bool old = each.turn != s.turn;
            h.add(old ? -9 : std::max(each.round - s.ice.round, -2)), h.add(each.match);
        }
        h.add(99);
    };
    replies(w.readies), replies(w.restarts), replies(w.patches);
    for (const std::string& each : w.deletes)
        h.add(each == s.resource), h.add(std::count(s.strays.begin(), s.strays.end(), each) > 0);
    return h.value();
}

}  // namespace whip::explorer
