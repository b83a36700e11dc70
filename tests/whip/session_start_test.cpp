// From the preview to the first connection.
#include <doctest/doctest.h>

#include "whip/session.hpp"
#include "whip/session_given.hpp"

using namespace whip;
using namespace std::chrono_literals;

TEST_CASE("a tap while the camera is being asked for: the handshake goes on, and the tracks join later") {
    Session session;
    (void)step(session, Preview{});
    CHECK(step(session, Start{in}) == Effects{});
    CHECK(step(session, OfferReady{1, kOffer})[0] == Effect{PostOffer{1, in, posted}});
    CHECK(step(session, Created{1, res, "", {}, kAnswer})[0] == Effect{ApplyAnswer{1, applied}});
    CHECK(step(session, Connected{1}).empty());
    CHECK(session.phase == Connecting);
    CHECK(step(session, Captured{1}) == Effects{AttachMedia{1}});
    CHECK(session.phase == Live);
}

TEST_CASE("armed: the tap itself sends the POST, with the candidates and the token there are by then") {
    Session session;
    CHECK(step(session, Arm{in, "secret", {}}) == Effects{Warm{in, "secret"}});
    CHECK(step(session, Preview{}) == Effects{Capture{1}, MakeOffer{1, {}}, Warm{in, "secret"}, Wait{25s}});
    (void)step(session, OfferReady{1, kOffer});
    (void)step(session, Captured{1});
    (void)step(session, OfferReady{2, kOffer});
    (void)step(session, Candidate{2, "u", line});
    (void)step(session, Candidate{2, "", ""});
    const Effects effects = step(session, Start{in});
    CHECK(effects[0] == Effect{PostOffer{2, in, withCandidates(posted, {line}, true), "secret"}});
    CHECK(withCandidates(posted, {line}, true).find("a=" + line + "\r\na=end-of-candidates") != std::string::npos);
    // The server has them all: nothing is trickled.
    CHECK(step(session, Created{2, res, tag, {}, kAnswer}).size() == 2);
}

TEST_CASE("an armed offer that has aged is made anew, unseen") {
    Session session = given(Ready);
    session.far.endpoint = in;
    for (int i = 0; i < 7; ++i) CHECK(step(session, Waited{}) == Effects{Warm{in}, Wait{25s}});
    CHECK(step(session, Waited{}) == Effects{ClosePeer{}, Warm{in}, MakeOffer{6, {}}, AttachMedia{4}, Wait{25s}});
    CHECK(session.phase == Ready);
}

TEST_CASE("4.3.2: candidates wait for the 201, go in one PATCH, and the next ones wait for its reply") {
    Session session = given(Posting);
    (void)step(session, Candidate{5, "u", line});
    (void)step(session, Candidate{5, "u", "candidate:2"});
    const auto sentIn = [](const Effects& effects) {
        for (const Effect& effect : effects) {
            if (const auto* sent = std::get_if<SendCandidates>(&effect)) return *sent;
        }
        return SendCandidates{};
    };
    CHECK(sentIn(step(session, created())) ==
          SendCandidates{5, 0, res, fragmentText("a=" + line + "\r\na=candidate:2\r\n"), tag});
    CHECK(step(session, Candidate{5, "u", "candidate:3"}).empty());
    CHECK(step(session, Candidate{5, "old", "candidate:0"}).empty());
    CHECK(step(session, Candidate{5, "", ""}).empty());
    CHECK(sentIn(step(session, Patched{5, 0, 204})) ==
          SendCandidates{5, 0, res, fragmentText("a=candidate:3\r\na=end-of-candidates\r\n"), tag});
    CHECK(step(session, Patched{5, 0, 204}).empty());
}

TEST_CASE("4.3.1: an ETag goes back as it came, whatever it looks like, and none sends no If-Match") {
    for (const std::string etag : {"", "*", "W/\"weak\"", "unquoted", "\"strong\""}) {
        Session session = given(Posting);
        Created reply = created();
        reply.etag = etag;
        (void)step(session, reply);
        const Effects effects = step(session, Candidate{5, "u", line});
        CHECK(std::get<SendCandidates>(effects.at(0)).match == etag);
    }
}

TEST_CASE("4.7: the token goes with every request and none goes out without one") {
    for (const std::string token : {"", "secret"}) {
        Session session = given(Posting);
        session.far.token = token;
        (void)step(session, created());
        CHECK(std::get<SendCandidates>(step(session, Candidate{5, "u", line}).at(0)).token == token);
        CHECK(std::get<DeleteSession>(step(session, Stop{}).at(1)).token == token);
    }
}
