#include "whip/session.hpp"

#include <doctest/doctest.h>

#include "sdp/description.hpp"
#include "whip/offer.hpp"
#include "whip/texts.hpp"

using namespace whip;
using enum whip::Phase;
using namespace std::chrono_literals;

namespace {

const std::string in = "https://cf.test/in", res = "https://cf.test/s/1";

// In every phase the session is at turn 5; what it holds by then is what it would hold.
Session given(Phase phase) {
    Session s{.phase = phase, .turn = 5};
    if (phase == Capturing || phase == Idle) return s;
    if (phase == Failed) s.reason = Reason::NotAllowed;
    if (phase == Failed) return s;
    if (phase != Stopping) s.media = 4;
    if (phase == Ready) return s;
    s.endpoint = in;
    s.peer = phase != Waiting;
    if (phase == Posting || phase == Connecting || phase == Live) s.offer = publisherOffer(kOffer);
    if (phase == Connecting || phase == Live || phase == Stopping) s.resource = res;
    return s;
}

Session with(Session s, void (*change)(Session&)) {
    change(s);
    return s;
}

Created created(std::string answer = kAnswer) { return {5, res, "\"tag\"", {}, std::move(answer)}; }

}  // namespace

TEST_CASE("each rule moves the session on and says what to do") {  // one row a rule, in the order of the table
    struct Row {
        Session before;
        Event event;
        Phase after;
        Effects effects;
    };
    const Session going = with(given(Capturing), [](Session& s) { s.endpoint = in; });
    const Session faltering = with(given(Live), [](Session& s) { s.faltering = true; });
    const Session stoppingEarly = with(given(Stopping), [](Session& s) { s.resource.clear(); });
    const std::string posted = publisherOffer(kOffer), applied = publisherAnswer(kAnswer);
    // clang-format off
    const Row rows[] = {
        {given(Idle),       Preview{},                          Capturing,  {Capture{6}}},
        {given(Idle),       Start{in},                          Capturing,  {Capture{6}}},
        {given(Failed),     Preview{},                          Capturing,  {Capture{6}}},
        {given(Failed),     Start{in},                          Capturing,  {Capture{6}}},
        {given(Failed),     Stop{},                             Idle,       {}},
        {given(Failed),     Leave{},                            Idle,       {}},

        {given(Capturing),  Start{in},                          Capturing,  {}},
        {going,             Captured{5},                        Offering,   {MakeOffer{6, 5}}},
        {given(Capturing),  Captured{5},                        Ready,      {}},
        {given(Capturing),  Refused{5, Reason::CameraDenied},   Failed,     {}},
        {given(Capturing),  Stop{},                             Idle,       {}},
        {given(Capturing),  Leave{},                            Idle,       {}},

        {given(Ready),      Start{in},                          Offering,   {MakeOffer{6, 4}}},
        {given(Ready),      MediaLost{},                        Capturing,  {ReleaseMedia{4}, Capture{6}}},
        {given(Ready),      Stop{},                             Idle,       {ReleaseMedia{4}}},
        {given(Ready),      Leave{},                            Idle,       {ReleaseMedia{4}}},

        {given(Offering),   OfferReady{5, kOffer},              Posting,    {PostOffer{5, in, posted}, Wait{10s}}},
        {given(Offering),   Refused{5, Reason::OfferRefused},   Failed,     {ReleaseMedia{4}, ClosePeer{}}},
        {given(Offering),   MediaLost{},                        Capturing,  {ReleaseMedia{4}, ClosePeer{}, Capture{6}}},
        {given(Offering),   Stop{},                             Idle,       {ReleaseMedia{4}, ClosePeer{}}},
        {given(Offering),   Leave{},                            Idle,       {ReleaseMedia{4}, ClosePeer{}}},

        {given(Posting),    created(),                          Connecting, {ApplyAnswer{5, applied}, Wait{15s}}},
        {given(Posting),    created(kAnswerWithoutVideo),       Failed,     {ReleaseMedia{4}, DeleteSession{res}, ClosePeer{}}},
        {given(Posting),    Dropped{5, Reason::Offline, {}},    Waiting,    {ClosePeer{}, Wait{1s}}},
        {given(Posting),    Waited{},                           Waiting,    {ClosePeer{}, Wait{1s}}},
        {given(Posting),    Refused{5, Reason::NotAllowed},     Failed,     {ReleaseMedia{4}, ClosePeer{}}},
        {given(Posting),    MediaLost{},                        Capturing,  {ReleaseMedia{4}, ClosePeer{}, Capture{6}}},
        {given(Posting),    Stop{},                             Stopping,   {ReleaseMedia{4}, Wait{3s}}},
        {given(Posting),    Leave{},                            Idle,       {ReleaseMedia{4}, ClosePeer{}}},

        {given(Connecting), Connected{5},                       Live,       {}},
        {given(Connecting), Dropped{5},                         Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{1s}}},
        {given(Connecting), Waited{},                           Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{1s}}},
        {given(Connecting), Refused{5, Reason::AnswerUnfit},    Failed,     {ReleaseMedia{4}, DeleteSession{res}, ClosePeer{}}},
        {given(Connecting), MediaLost{},                        Capturing,  {ReleaseMedia{4}, DeleteSession{res}, ClosePeer{}, Capture{6}}},
        {given(Connecting), Stop{},                             Stopping,   {ReleaseMedia{4}, DeleteSession{res}, Wait{3s}}},
        {given(Connecting), Leave{},                            Idle,       {ReleaseMedia{4}, DeleteSession{res}, ClosePeer{}}},

        {faltering,         Connected{5},                       Live,       {}},
        {given(Live),       Faltered{5},                        Live,       {Wait{3s}}},
        {faltering,         Waited{},                           Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{1s}}},
        {given(Live),       Dropped{5},                         Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{1s}}},
        {given(Live),       MediaLost{},                        Capturing,  {ReleaseMedia{4}, DeleteSession{res}, ClosePeer{}, Capture{6}}},
        {given(Live),       Stop{},                             Stopping,   {ReleaseMedia{4}, DeleteSession{res}, Wait{3s}}},
        {given(Live),       Leave{},                            Idle,       {ReleaseMedia{4}, DeleteSession{res}, ClosePeer{}}},

        {given(Waiting),    Waited{},                           Offering,   {MakeOffer{6, 4}}},
        {given(Waiting),    Online{},                           Offering,   {MakeOffer{6, 4}}},
        {given(Waiting),    MediaLost{},                        Capturing,  {ReleaseMedia{4}, Capture{6}}},
        {given(Waiting),    Stop{},                             Idle,       {ReleaseMedia{4}}},
        {given(Waiting),    Leave{},                            Idle,       {ReleaseMedia{4}}},

        {stoppingEarly,     created(),                          Stopping,   {DeleteSession{res}, Wait{3s}}},
        {stoppingEarly,     Dropped{5},                         Idle,       {ClosePeer{}}},
        {stoppingEarly,     Refused{5, Reason::NotAllowed},     Idle,       {ClosePeer{}}},
        {given(Stopping),   Deleted{res},                       Idle,       {ClosePeer{}}},
        {given(Stopping),   Waited{},                           Idle,       {ClosePeer{}}},
        {given(Stopping),   Leave{},                            Idle,       {ClosePeer{}}},

        // No rule: nothing moves, and what a late reply brought is let go of.
        {given(Live),       Start{in},                          Live,       {}},
        {given(Live),       Waited{},                           Live,       {}},
        {given(Stopping),   Deleted{"https://cf.test/s/0"},     Stopping,   {}},
        {given(Idle),       Stop{},                             Idle,       {}},
        {given(Failed),     OfferReady{5, kOffer},              Failed,     {}},
        {given(Waiting),    created(),                          Waiting,    {DeleteSession{res}}},
        {given(Idle),       created(),                          Idle,       {DeleteSession{res}}},
        {given(Live),       Created{4, res, "", {}, kAnswer},   Live,       {DeleteSession{res}}},
        {given(Idle),       Captured{5},                        Idle,       {ReleaseMedia{5}}},
        {given(Capturing),  Captured{3},                        Capturing,  {ReleaseMedia{3}}},
        {given(Offering),   OfferReady{4, kOffer},              Offering,   {}},
        {given(Posting),    Refused{4, Reason::NotAllowed},     Posting,    {}},
        {given(Live),       Dropped{4},                         Live,       {}},
        {given(Live),       Connected{4},                       Live,       {}},
        {given(Live),       Faltered{4},                        Live,       {}},
    };
    // clang-format on
    int number = 0;
    for (const Row& row : rows) {
        CAPTURE(number++);
        CAPTURE(int(row.before.phase));
        CAPTURE(row.event.index());
        Session session = row.before;
        CHECK(step(session, row.event) == row.effects);
        CHECK(int(session.phase) == int(row.after));
        // A session at rest owns nothing; a late reply must not have changed one that is not.
        if (session.phase == Idle || session.phase == Failed) {
            CHECK(session.media == 0);
            CHECK_FALSE(session.peer);
            CHECK(session.resource.empty());
        }
    }
}

TEST_CASE("a reply that comes too late changes nothing that a session remembers") {
    for (const Event& event : {Event{Created{4, res, "", {}, kAnswer}}, Event{Captured{3}}, Event{Dropped{4}}}) {
        for (const Phase phase :
             {Idle, Capturing, Ready, Offering, Posting, Connecting, Live, Waiting, Stopping, Failed}) {
            Session session = given(phase);
            (void)step(session, event);
            CHECK(session == given(phase));
        }
    }
}

TEST_CASE("a session that has ended remembers nothing but its turn") {
    for (const Phase phase : {Capturing, Ready, Offering, Posting, Connecting, Live, Waiting, Stopping, Failed}) {
        Session session = given(phase);
        session.drops = 3;
        session.etag = "\"tag\"";
        session.faltering = phase == Live;
        (void)step(session, Leave{});
        CHECK(session == Session{.turn = 5});
    }
}

TEST_CASE("a new beginning after a failure knows nothing of it") {
    Session session = given(Failed);
    session.endpoint = in;
    session.drops = 3;
    (void)step(session, Preview{});
    CHECK(session.drops == 0);
    CHECK(step(session, Captured{6}).empty());
    CHECK(session.phase == Ready);
}

TEST_CASE("a connection that has recovered is not given up for the silence before") {
    Session session = given(Live);
    (void)step(session, Faltered{5});
    (void)step(session, Connected{5});
    CHECK(step(session, Waited{}).empty());
    CHECK(session.phase == Live);
}

TEST_CASE("a tap while the camera is being asked for goes live as soon as it is granted") {
    Session session;
    CHECK(step(session, Preview{}) == Effects{Capture{1}});
    CHECK(step(session, Start{in}) == Effects{});
    CHECK(step(session, Captured{1}) == Effects{MakeOffer{2, 1}});
    CHECK(step(session, OfferReady{2, kOffer})[0] == Effect{PostOffer{2, in, publisherOffer(kOffer)}});
}

TEST_CASE("ICE servers of the 201 are set before the answer, and with it the local description, is applied") {
    Session session = given(Posting);
    Created reply = created();
    reply.iceServers = {{"turn:turn.test", "user", "pass"}};
    const Effects effects = step(session, reply);
    REQUIRE(effects.size() == 3);
    CHECK(effects[0] == Effect{SetIceServers{reply.iceServers}});
    CHECK(effects[1].index() == Effect{ApplyAnswer{}}.index());
    CHECK(session.resource == res);
    CHECK(session.etag == "\"tag\"");
}

TEST_CASE("the pause doubles up to 8 s, for as long as it takes, and starts again once live") {
    Session session = given(Posting);
    for (const auto pause : {1s, 2s, 4s, 8s, 8s, 8s}) {
        session.phase = Posting;
        CHECK(step(session, Dropped{5}).back() == Effect{Wait{pause}});
        CHECK(session.media == 4);
    }
    session.phase = Connecting;
    (void)step(session, Connected{5});
    CHECK(step(session, Dropped{5}).back() == Effect{Wait{1s}});
}

TEST_CASE("Retry-After decides the pause, from one second to one minute") {
    struct Row {
        Dropped event;
        std::chrono::seconds pause;
    };
    const Row rows[] = {
        {{5, Reason::ServiceUnavailable, 3s}, 3s},
        {{5, Reason::ServiceUnavailable, 0s}, 1s},
        {{5, Reason::ServiceUnavailable, 1h}, 60s},
        {{5, Reason::InUse, {}}, 3s},
        {{5, Reason::InUse, 1s}, 3s},
        {{5, Reason::InUse, 20s}, 20s},
    };
    for (const Row& row : rows) {
        Session session = given(Posting);
        CHECK(step(session, row.event).back() == Effect{Wait{row.pause}});
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

TEST_CASE("Stop while the POST is under way deletes the session that it makes") {
    Session session = given(Posting);
    CHECK(step(session, Stop{}) == Effects{ReleaseMedia{4}, Wait{3s}});
    CHECK(step(session, created()) == Effects{DeleteSession{res}, Wait{3s}});
    CHECK(step(session, Deleted{res}) == Effects{ClosePeer{}});
    CHECK(session.phase == Idle);
}

TEST_CASE("a 201 that comes after Stop has given up, or after the next Start, is deleted too") {
    Session session = given(Posting);
    (void)step(session, Stop{});
    CHECK(step(session, Waited{}) == Effects{ClosePeer{}});
    CHECK(step(session, created()) == Effects{DeleteSession{res}});
    (void)step(session, Start{in});
    CHECK(step(session, created()) == Effects{DeleteSession{res}});
    CHECK(session.phase == Capturing);
}
