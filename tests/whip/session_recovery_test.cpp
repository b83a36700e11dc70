// Faults of the network and of the server: what is tried when, and what the person is told.
#include <doctest/doctest.h>

#include "whip/session.hpp"
#include "whip/session_given.hpp"

using namespace whip;
using namespace std::chrono_literals;

TEST_CASE("a connection that has recovered is not given up for the silence before") {
    Session session = given(Live);
    (void)step(session, Faltered{5});
    (void)step(session, Connected{5});
    CHECK(step(session, Waited{}).empty());
    CHECK(session.phase == Live);
}

TEST_CASE("a session that its DELETE could not reach is deleted before the next POST") {
    Session session = given(Waiting);
    (void)step(session, Deleted{res, false});
    (void)step(session, Waited{});
    CHECK(step(session, OfferReady{6, kOffer}) == Effects{DeleteSession{res}, PostOffer{6, in, posted}, Wait{5s}});
    CHECK(session.strays.empty());
}

TEST_CASE("where there is a network and yet nothing comes, ICE may heal by itself first") {
    Session session = given(Live);
    CHECK(step(session, Faltered{5}) == Effects{Probe{in}, Wait{1s}});
    CHECK(step(session, Faltered{5}).empty());  // the browser notices later than the statistics
    CHECK(step(session, Reached{}).empty());
    CHECK(session.phase == Live);
    (void)step(session, Waited{});
    CHECK(session.phase == Restarting);
}

TEST_CASE("a network that is away is asked after more than once a second, and the session goes on when it is back") {
    Session session = given(Live);
    (void)step(session, Faltered{5});
    CHECK(step(session, Waited{}) == Effects{Probe{in}, Wait{700ms, 175ms}});
    CHECK(step(session, Reached{}) == Effects{RestartIce{5, 1}, Wait{3s}});
    // Where a restart is not to be had, a new POST costs the viewers a moment: ICE may yet heal by itself.
    session = given(Live);
    session.far.restarts = false;
    (void)step(session, Faltered{5});
    (void)step(session, Waited{});
    CHECK(step(session, Reached{}) == Effects{Wait{500ms}});
    (void)step(session, Waited{});
    CHECK(session.phase == Offering);
}

TEST_CASE("a network that is away for a minute is asked after more slowly, for as long as it takes") {
    Session session = given(Posting);
    Wait pause{};
    int requests = 0, posts = 0;
    milliseconds passed = 0ms;
    while (passed < 1h) {
        for (const Effect& effect :
             step(session, session.phase == Offering ? Event{OfferReady{session.turn, kOffer}} : Event{Waited{}})) {
            requests += std::holds_alternative<Probe>(effect);
            posts += std::holds_alternative<PostOffer>(effect);
            if (const auto* wait = std::get_if<Wait>(&effect)) pause = *wait;
        }
        if (session.phase == Offering) continue;
        passed += pause.pause;
        if (passed < 1min) CHECK(pause.pause <= 2s);  // nothing to miss a network by
    }
    CHECK(requests < 2000);
    CHECK(posts > 30);  // no probe may be allowed to reach the endpoint where a POST is
    CHECK(session.media == 4);
}

TEST_CASE("a request into the dark is not waited for when a probe shows that the network is back") {
    Session session = given(Waiting);
    session.unreachable = true;
    session.ticks = 19;
    (void)step(session, Waited{});
    CHECK(step(session, OfferReady{6, kOffer}) == Effects{PostOffer{6, in, posted}, Wait{2s}, Probe{in}});
    CHECK(step(session, Reached{}) == Effects{ClosePeer{}, MakeOffer{7, {}}, AttachMedia{4}});
    // That one is not in the dark, and given time.
    CHECK(step(session, OfferReady{7, kOffer}) == Effects{PostOffer{7, in, posted}, Wait{5s}});
    CHECK(step(session, Reached{}).empty());
    CHECK(step(session, Created{6, res, "", {}, kAnswer}) == Effects{DeleteSession{res}});
}

TEST_CASE("who has been live is not sent away by a refusal at once, but by one that stays") {
    Session session = given(Live);
    (void)step(session, Connected{5});
    (void)step(session, Ended{5});
    milliseconds passed = 0ms;
    const auto refuse = [&] {
        (void)step(session, Waited{});
        (void)step(session, OfferReady{session.turn, kOffer});
        CHECK(session.phase == Posting);
        return step(session, Refused{session.turn, Reason::StreamGone});
    };
    for (int refusals = 0; refusals < 12; ++refusals) {
        const Effects effects = refuse();
        CHECK(session.phase == Waiting);
        CHECK(session.reason == Reason::StreamGone);
        CHECK(session.media == 4);
        passed += std::get<Wait>(effects.back()).pause;
    }
    CHECK(passed > 75s);
    Session back = session;  // one that gets through, and all is as if it had been the first
    (void)step(back, Waited{});
    (void)step(back, OfferReady{back.turn, kOffer});
    (void)step(back, Created{back.turn, res, tag, {}, kAnswer});
    (void)step(back, Connected{back.turn});
    CHECK(back.phase == Live);
    CHECK(back.refusals == 0);
    (void)refuse();
    CHECK(session.phase == Failed);
    CHECK(session.reason == Reason::StreamGone);
    CHECK(session.media == 0);
    (void)step(session, Start{in});
    CHECK_FALSE(session.lived);
}

TEST_CASE("what the server says about a refusal is kept until it is right again") {
    Session session = given(Posting);
    const Problem problem{"about:blank", "Too many", "Three are streaming."};
    (void)step(session, Dropped{5, Reason::ServiceUnavailable, {}, problem});
    CHECK(session.problem == problem);
    session = given(Posting);
    (void)step(session, Refused{5, Reason::NotAllowed, problem});
    CHECK(session.problem == problem);
    (void)step(session, Start{in});
    CHECK(session.problem == Problem{});
}

TEST_CASE("the pause doubles up to 8 s, for as long as it takes, and starts again once live") {
    Session session = given(Posting);
    const Dropped busy{5, Reason::ServiceUnavailable};
    for (const auto pause : {500ms, 1000ms, 2000ms, 4000ms, 8000ms, 8000ms}) {
        session.phase = Posting;
        CHECK(step(session, busy).back() == Effect{Wait{pause, pause / 2}});
        CHECK(session.media == 4);
    }
    session.phase = Connecting;
    (void)step(session, Connected{5});
    session.phase = Posting;
    CHECK(step(session, busy).back() == Effect{Wait{500ms, 250ms}});
}

TEST_CASE("Retry-After decides the pause, from one second to one minute") {
    struct Row {
        Dropped event;
        Wait pause;
    };
    const Row rows[] = {
        {{5, Reason::ServiceUnavailable, 3s}, {3s}},
        {{5, Reason::ServiceUnavailable, 0s}, {1s}},
        {{5, Reason::ServiceUnavailable, 1h}, {60s}},
        {{5, Reason::InUse, {}}, {3s, 250ms}},
        {{5, Reason::InUse, 1s}, {1s}},
        {{5, Reason::InUse, 20s}, {20s}},
    };
    for (const Row& row : rows) {
        Session session = given(Posting);
        CHECK(step(session, row.event).back() == Effect{row.pause});
        CHECK(session.reason == row.event.reason);
    }
}

TEST_CASE("the reason tells what is wrong now, and goes when it is right again") {
    Session session = given(Live);
    (void)step(session, Faltered{5});
    CHECK(session.reason == Reason::Unsteady);
    (void)step(session, Connected{5});
    CHECK(session.reason == Reason::None);
    (void)step(session, Dropped{5, Reason::ConnectionLost, {}});
    CHECK(session.reason == Reason::ConnectionLost);

    session = given(Live);
    (void)step(session, Faltered{5});
    (void)step(session, Stop{});
    CHECK(session.phase == Stopping);
    CHECK(session.reason == Reason::None);

    session = given(Posting);
    (void)step(session, created(kAnswerWithoutVideo));
    CHECK(session.reason == Reason::AnswerUnfit);
    (void)step(session, Start{in});
    CHECK(session.reason == Reason::None);
}
