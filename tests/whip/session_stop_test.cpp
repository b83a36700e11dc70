// Stop, whatever is under way.
#include <doctest/doctest.h>

#include "whip/session.hpp"
#include "whip/session_given.hpp"

using namespace whip;
using namespace std::chrono_literals;

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
    CHECK(session.phase == Offering);
}
