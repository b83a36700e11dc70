// ICE restarts, and servers that do not take them.
#include <doctest/doctest.h>

#include "whip/session.hpp"
#include "whip/session_given.hpp"

using namespace whip;
using namespace std::chrono_literals;

TEST_CASE("4.3.1: what a server refuses is remembered, each feature for itself, and never ends the stream") {
    struct Row {
        int status;
        bool trickles, restarts;
    };
    for (const Row& row : {Row{204, true, true}, Row{0, true, true}, Row{503, true, true}, Row{400, false, true},
                           Row{404, false, true}, Row{412, false, true}, Row{422, false, true}, Row{428, false, true},
                           Row{405, false, false}, Row{415, false, false}, Row{501, false, false}}) {
        CAPTURE(row.status);
        Session session = given(Live);
        (void)step(session, Patched{5, 0, row.status});
        CHECK(session.phase == Live);
        CHECK(session.far.trickles == row.trickles);
        CHECK(session.far.restarts == row.restarts);
        CHECK(step(session, Candidate{5, "u", line}).empty() == !row.trickles);
        (void)step(session, Faltered{5});
        (void)step(session, Reached{});
        (void)step(session, Waited{});
        CHECK(session.phase == (row.restarts ? Restarting : Offering));
    }
    Session session = given(Restarting);
    (void)step(session, Restarted{5, 2, 422, "", ""});
    CHECK_FALSE(session.far.restarts);
    CHECK(session.far.trickles);
    session = given(Restarting);
    (void)step(session, Restarted{5, 2, 404, "", ""});
    CHECK(session.far.restarts);
}

TEST_CASE("4.3.3: a restart has new credentials, its own ETag, and only the last one counts") {
    Session session = given(Restarting);
    CHECK(step(session, Online{}) == Effects{RestartIce{5, 3}, Wait{3s}});
    CHECK(step(session, RestartReady{5, 2, kOffer}).empty());
    std::string offer = kOffer;
    offer.replace(offer.find("ice-ufrag:u"), 11, "ice-ufrag:v");
    const Effects effects = step(session, RestartReady{5, 3, offer});
    CHECK(std::get<SendRestart>(effects.at(0)).body.starts_with("a=ice-ufrag:v\r\na=ice-pwd:p\r\n"));
    CHECK(std::get<SendRestart>(effects.at(0)).match == "*");
    CHECK(step(session, Candidate{5, "u", line}).empty());
    CHECK(step(session, Candidate{5, "v", line}).empty());  // buffered until the 200
    CHECK(step(session, Restarted{5, 2, 200, "\"2\"", freshAnswer}).empty());
    const Effects done = step(session, Restarted{5, 3, 200, "\"3\"", freshAnswer});
    CHECK(std::get<ApplyAnswer>(done.at(0)).sdp.find("a=ice-ufrag:new\r\n") != std::string::npos);
    CHECK(std::get<SendCandidates>(done.at(1)).match == "\"3\"");
    CHECK(std::get<SendCandidates>(done.at(1)).body.starts_with("a=ice-ufrag:v\r\n"));
    CHECK(session.answer.find("a=ice-ufrag:p") == std::string::npos);
}

TEST_CASE("4.3.3: after a change of network ICE is restarted at once, though the link may never have been down") {
    Session session = given(Live);
    CHECK(step(session, Online{}) == Effects{RestartIce{5, 1}, Wait{3s}});
    (void)step(session, RestartReady{5, 1, kOffer});
    CHECK(step(session, Connected{5}).empty());
    (void)step(session, Restarted{5, 1, 200, "\"2\"", freshAnswer});
    CHECK(session.phase == Live);
    CHECK(session.reason == Reason::None);
    // It was down: Live again once something comes.
    (void)step(session, Online{});
    (void)step(session, RestartReady{5, 2, kOffer});
    (void)step(session, Restarted{5, 2, 200, "\"3\"", freshAnswer});
    CHECK(session.phase == Restarting);
    CHECK(step(session, Connected{5}).empty());
    CHECK(session.phase == Live);
}

TEST_CASE("a server that cannot be reached for a restart has not refused it") {
    Session session = given(Restarting);
    (void)step(session, Restarted{5, 2, 503, "", ""});
    CHECK(session.far.restarts);
    CHECK(session.phase == Offering);  // the POST is told when to come again
}

TEST_CASE("4.6: servers that only the 201 names are used by a restart, once the direct way has not been found") {
    Session session = given(Posting);
    Created reply = created();
    reply.iceServers = {{"turn:turn.test", "user", "pass"}};
    const Effects effects = step(session, reply);
    CHECK(effects.front() == Effect{SetIceServers{reply.iceServers}});
    CHECK(effects.back() == Effect{Wait{2500ms}});
    CHECK(step(session, Waited{}) == Effects{RestartIce{5, 1}, Wait{3s}});
    (void)step(session, Restarted{5, 1, 422, "", ""});
    // The next connection has them from the beginning.
    CHECK(session.phase == Offering);
    CHECK(session.far.servers == reply.iceServers);
    (void)step(session, OfferReady{6, kOffer});
    reply.turn = 6;
    reply.iceServers[0].credential = "fresh";
    CHECK(step(session, reply).back() == Effect{Wait{6s}});
}
