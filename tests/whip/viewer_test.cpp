#include "whip/viewer.hpp"

#include <doctest/doctest.h>

#include "sdp/description.hpp"
#include "whip/offer.hpp"
#include "whip/texts.hpp"

using namespace whip;
using enum whip::ViewerPhase;
using namespace std::chrono_literals;

namespace {

const std::string at = "https://cf.test/play", res = "https://cf.test/v/1";

std::string turned(std::string sdp, const std::string& from, const std::string& to) {
    for (auto i = sdp.find(from); i != std::string::npos; i = sdp.find(from, i + to.size())) {
        sdp.replace(i, from.size(), to);
    }
    return sdp;
}

const std::string kPlayOffer = turned(kOffer, "sendonly", "recvonly");
const std::string kPlayAnswer = turned(kAnswer, "recvonly", "sendonly");

Viewer given(ViewerPhase phase) {
    Viewer v{.phase = phase, .turn = 5};
    if (phase == Idle || phase == Failed) return v;
    v.endpoint = at;
    if (phase == Posting || phase == Connecting || phase == Playing) v.offer = viewerOffer(kPlayOffer);
    if (phase == Countering || phase == Connecting || phase == Playing) v.resource = res;
    return v;
}

}  // namespace

TEST_CASE("each rule moves the viewer on and says what to do") {  // one row a rule, in the order of the table
    struct Row {
        Viewer before;
        Event event;
        ViewerPhase after;
        Effects effects;
    };
    Viewer faltering = given(Playing);
    faltering.faltering = true;
    const std::string posted = viewerOffer(kPlayOffer);
    const Created created{5, res, "", {}, kPlayAnswer};
    // clang-format off
    const Row rows[] = {
        {given(Idle),       Start{at},                           Offering,   {MakeOffer{6}}},
        {given(Failed),     Start{at},                           Offering,   {MakeOffer{6}}},
        {given(Failed),     Stop{},                              Idle,       {ClosePeer{}}},

        {given(Offering),   OfferReady{5, kPlayOffer},           Posting,    {PostOffer{5, at, posted}, Wait{10s}}},
        {given(Offering),   Refused{5, Reason::OfferRefused},    Failed,     {ClosePeer{}}},
        {given(Offering),   Stop{},                              Idle,       {ClosePeer{}}},

        {given(Posting),    created,                             Connecting, {ApplyAnswer{5, kPlayAnswer}, Wait{10s}}},
        {given(Posting),    Created{5, res, "", {}, kAnswer},    Failed,     {DeleteSession{res}, ClosePeer{}}},
        {given(Posting),    Dropped{5, Reason::Offline, 4s},     Waiting,    {ClosePeer{}, Wait{4s}}},
        {given(Posting),    Waited{},                            Waiting,    {ClosePeer{}, Wait{1s}}},
        {given(Posting),    Refused{5, Reason::StreamGone},      Failed,     {ClosePeer{}}},
        {given(Posting),    Stop{},                              Idle,       {ClosePeer{}}},

        {given(Posting),    Countered{5, res, "e", {{"stun:s", "", ""}}, "offer"}, Countering, {AnswerOffer{5, "offer", {{"stun:s", "", ""}}}, Wait{10s}}},
        {given(Countering), AnswerReady{5, kPlayAnswer},         Countering, {SendAnswer{5, res, viewerAnswer(kPlayAnswer)}}},
        {given(Countering), Patched{5, 0, 204},                  Connecting, {Wait{10s}}},
        {given(Countering), Patched{5, 0, 0},                    Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{1s}}},
        {given(Countering), Patched{5, 0, 406},                  Failed,     {DeleteSession{res}, ClosePeer{}}},
        {given(Countering), Refused{5, Reason::AnswerUnfit},     Failed,     {DeleteSession{res}, ClosePeer{}}},
        {given(Countering), Waited{},                            Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{1s}}},
        {given(Countering), Picture{5},                          Playing,    {}},
        {given(Countering), Dropped{5},                          Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{1s}}},
        {given(Countering), Ended{5},                            Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{1s}}},
        {given(Countering), Stop{},                              Idle,       {DeleteSession{res}, ClosePeer{}}},

        {given(Connecting), Picture{5},                          Playing,    {}},
        {given(Connecting), Dropped{5},                          Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{1s}}},
        {given(Connecting), Waited{},                            Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{1s}}},
        {given(Connecting), Refused{5, Reason::AnswerUnfit},     Failed,     {DeleteSession{res}, ClosePeer{}}},
        {given(Connecting), Stop{},                              Idle,       {DeleteSession{res}, ClosePeer{}}},

        {faltering,         Connected{5},                        Playing,    {}},
        {given(Playing),    Faltered{5},                         Playing,    {Wait{3s}}},
        {faltering,         Waited{},                            Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{1s}}},
        {given(Playing),    Dropped{5},                          Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{1s}}},
        {given(Playing),    Ended{5},                            Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{1s}}},
        {given(Playing),    Stop{},                              Idle,       {DeleteSession{res}, ClosePeer{}}},

        {given(Waiting),    Waited{},                            Offering,   {MakeOffer{6}}},
        {given(Waiting),    Online{},                            Offering,   {MakeOffer{6}}},
        {given(Waiting),    Awake{},                             Offering,   {MakeOffer{6}}},
        {given(Waiting),    Stop{},                              Idle,       {ClosePeer{}}},

        {given(Playing),    Waited{},                            Playing,    {}},
        {given(Playing),    Start{at},                           Playing,    {}},
        {given(Idle),       created,                             Idle,       {DeleteSession{res}}},
        {given(Waiting),    created,                             Waiting,    {DeleteSession{res}}},
        {given(Playing),    Created{4, res, "", {}, kPlayAnswer}, Playing,   {DeleteSession{res}}},
        {given(Playing),    Dropped{4},                          Playing,    {}},
        {given(Connecting), Picture{4},                          Connecting, {}},
    };
    // clang-format on
    int number = 0;
    for (const Row& row : rows) {
        CAPTURE(number++);
        Viewer viewer = row.before;
        CHECK(step(viewer, row.event) == row.effects);
        CHECK(int(viewer.phase) == int(row.after));
    }
}

TEST_CASE("a viewer that has stopped, or begins anew, remembers nothing but its turn") {
    for (const ViewerPhase phase : {Offering, Posting, Countering, Connecting, Playing, Waiting, Failed}) {
        Viewer viewer = given(phase);
        viewer.drops = 3;
        viewer.reason = Reason::Offline;
        viewer.etag = "\"tag\"";
        viewer.faltering = phase == Playing;
        (void)step(viewer, Stop{});
        CHECK(viewer == Viewer{.turn = 5});
    }
    Viewer viewer = given(Failed);
    viewer.drops = 3;
    viewer.reason = Reason::StreamGone;
    (void)step(viewer, Start{at});
    CHECK(viewer == Viewer{.phase = Offering, .turn = 6, .endpoint = at});
}

TEST_CASE("a viewer whose connection has recovered does not give it up") {
    Viewer viewer = given(Playing);
    (void)step(viewer, Faltered{5});
    (void)step(viewer, Connected{5});
    CHECK(step(viewer, Waited{}).empty());
    CHECK(viewer.phase == Playing);
}

TEST_CASE("the reason of a pause goes when the picture comes") {
    Viewer viewer = given(Posting);
    (void)step(viewer, Dropped{5, Reason::Offline, {}});
    CHECK(viewer.reason == Reason::Offline);
    viewer.phase = Connecting;
    (void)step(viewer, Picture{5});
    CHECK(viewer.reason == Reason::None);
}

TEST_CASE("a viewer waits for a service that has not begun as long as it takes, and not too long each time") {
    Viewer viewer = given(Posting);
    for (const auto pause : {1s, 2s, 4s, 8s, 8s}) {
        viewer.phase = Posting;
        CHECK(step(viewer, Dropped{5, Reason::ServiceUnavailable, {}}).back() == Effect{Wait{pause}});
    }
    viewer.phase = Posting;
    CHECK(step(viewer, Dropped{5, Reason::ServiceUnavailable, 1h}).back() == Effect{Wait{30s}});
    viewer.phase = Connecting;
    (void)step(viewer, Picture{5});
    CHECK(step(viewer, Dropped{5}).back() == Effect{Wait{1s}});
}

TEST_CASE("ICE servers of the 201 are set before the answer") {
    Viewer viewer = given(Posting);
    const std::vector<IceServer> servers{{"stun:s.test", "", ""}};
    const Effects effects = step(viewer, Created{5, res, "", servers, kPlayAnswer});
    CHECK(effects.front() == Effect{SetIceServers{servers}});
    CHECK(effects.size() == 3);
}
