// Random walks: whatever the person, the browser and the server do, and in whatever order their replies come, the
// session keeps these promises.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "core/variant.hpp"
#include "whip/session.hpp"
#include "whip/texts.hpp"

using namespace whip;
using namespace std::chrono_literals;

namespace {

struct Random {
    std::uint32_t state;
    int below(int limit) {
        state = state * 1664525u + 1013904223u;
        return int((state >> 8) % std::uint32_t(limit));
    }
};

// A server and a browser that may do anything allowed; they know what was asked of them and what they gave out.
struct World {
    Session session{};
    Random random;
    std::set<int> capturesAsked{}, mediaOn{};
    std::set<int> offersAsked{};
    std::set<int> postsOpen{};
    std::set<std::string> sessionsOn{};
    bool peerOn = false;
    bool timerOn = false;
    int nextSession = 0;
    int pausesBelowOne = 0;

    void give(const Event& event) {
        for (const Effect& effect : step(session, event)) carryOut(effect);
        CHECK(int(session.drops) >= 0);
    }

    void carryOut(const Effect& effect) {
        std::visit(core::Match{
                       [&](const Capture& e) { capturesAsked.insert(e.turn); },
                       [&](const MakeOffer& e) {
                           CHECK(mediaOn.contains(e.media));  // never offers what it does not hold
                           offersAsked.insert(e.turn);
                           peerOn = true;
                       },
                       [&](const PostOffer& e) {
                           CHECK_FALSE(e.url.empty());
                           postsOpen.insert(e.turn);
                       },
                       [&](const SetIceServers&) { CHECK(peerOn); },
                       [&](const ApplyAnswer&) { CHECK(peerOn); },
                       [&](const DeleteSession& e) { sessionsOn.erase(e.resource); },
                       [&](const ClosePeer&) { peerOn = false; },
                       [&](const ReleaseMedia& e) { CHECK(mediaOn.erase(e.media) == 1); },
                       [&](const Wait& e) {
                           timerOn = true;
                           pausesBelowOne += e.pause < 1s;
                       },
                   },
                   effect);
    }

    int any(const std::set<int>& from) {
        auto at = from.begin();
        std::advance(at, random.below(int(from.size())));
        return *at;
    }

    Created serve(int turn) {
        const std::string resource = "https://s.test/" + std::to_string(nextSession++);
        sessionsOn.insert(resource);
        return {turn, resource, "", {}, random.below(8) ? kAnswer : kAnswerWithoutVideo};
    }

    void reply() {  // to something asked earlier, in any order
        switch (random.below(6)) {
            case 0:
                if (capturesAsked.empty()) return;
                {
                    const int turn = any(capturesAsked);
                    capturesAsked.erase(turn);
                    if (random.below(4) == 0) return give(Refused{turn, Reason::CameraDenied});
                    mediaOn.insert(turn);
                    return give(Captured{turn});
                }
            case 1:
                if (offersAsked.empty()) return;
                {
                    const int turn = any(offersAsked);
                    offersAsked.erase(turn);
                    return give(OfferReady{turn, kOffer});
                }
            case 2:
            case 3:
                if (postsOpen.empty()) return;
                {
                    const int turn = any(postsOpen);
                    postsOpen.erase(turn);
                    const int fate = random.below(8);
                    if (fate == 0) return give(Refused{turn, Reason::NotAllowed});
                    if (fate == 1) return give(Dropped{turn, Reason::ServiceUnavailable, {}});
                    return give(serve(turn));
                }
            case 4:
                return give(Connected{session.turn - random.below(2)});
            default:
                return give(Dropped{session.turn - random.below(2), Reason::ConnectionLost, {}});
        }
    }

    void act() {
        switch (random.below(14)) {
            case 0:
                return give(Preview{});
            case 1:
            case 2:
                return give(Start{"https://s.test/in"});
            case 3:
                return give(Stop{});
            case 4:
                return random.below(3) ? void() : give(Leave{});
            case 5:
                return random.below(3) ? void() : give(MediaLost{});
            case 6:
                return give(Faltered{session.turn});
            case 7:
                return give(Online{});
            case 8:
                if (!std::exchange(timerOn, false)) return;
                return give(Waited{});
            case 9:
                return give(Deleted{session.resource});
            default:
                return reply();
        }
    }

    // Whatever is still under way comes back, the timer runs out.
    void settle() {
        for (int i = 0; i < 400; ++i) reply();
        for (const int turn : std::set<int>{postsOpen}) give(serve(turn));
        postsOpen.clear();
        if (std::exchange(timerOn, false)) give(Waited{});
    }
};

}  // namespace

TEST_CASE("Stop always ends, leaving no camera on, no connection open and no session on the server") {
    for (std::uint32_t seed = 1; seed <= 400; ++seed) {
        CAPTURE(seed);
        World world{.random = {seed}};
        const int acts = 5 + world.random.below(60);
        for (int i = 0; i < acts; ++i) world.act();
        world.give(world.random.below(2) ? Event{Stop{}} : Event{Leave{}});
        world.settle();
        CHECK(world.session.phase == Phase::Idle);
        CHECK(world.mediaOn.empty());
        CHECK_FALSE(world.peerOn);
        CHECK(world.sessionsOn.empty());
        CHECK(world.pausesBelowOne == 0);
    }
}

TEST_CASE("the server never holds a session that is neither in use nor being deleted") {
    for (std::uint32_t seed = 1; seed <= 400; ++seed) {
        CAPTURE(seed);
        World world{.random = {seed}};
        for (int i = 0; i < 80; ++i) {
            world.act();
            std::set<std::string> others = world.sessionsOn;
            others.erase(world.session.resource);
            CHECK(others.empty());
        }
    }
}

TEST_CASE("network faults never turn the camera off and never end the session") {
    for (std::uint32_t seed = 1; seed <= 200; ++seed) {
        CAPTURE(seed);
        World world{.random = {seed}};
        world.give(Start{"https://s.test/in"});
        world.mediaOn.insert(1);
        world.give(Captured{1});
        for (int i = 0; i < 200; ++i) {
            const int turn = world.session.turn;
            switch (world.random.below(7)) {
                case 0:
                    world.give(OfferReady{turn, kOffer});
                    break;
                case 1:
                    world.give(Dropped{turn, Reason::Offline, {}});
                    break;
                case 2:
                    world.give(Faltered{turn});
                    break;
                case 3:
                    world.give(Waited{});
                    break;
                case 4:
                    world.give(Connected{turn});
                    break;
                case 5:
                    if (world.session.phase == Phase::Posting)
                        world.give(Created{turn, "https://s.test/1", "", {}, kAnswer});
                    break;
                default:
                    world.give(Online{});
            }
            CHECK(world.mediaOn.contains(1));
            CHECK(world.session.media == 1);
            CHECK(int(world.session.phase) != int(Phase::Failed));
            CHECK(int(world.session.phase) != int(Phase::Idle));
        }
    }
}
