// The table, row by row, and what holds in every phase.
#include <doctest/doctest.h>

#include <set>

#include "sdp/description.hpp"
#include "sdp/fragment.hpp"
#include "whip/session.hpp"
#include "whip/session_given.hpp"
#include "whip/session_rules.hpp"

using namespace whip;
using namespace std::chrono_literals;

namespace {

const std::size_t kNone = rules().size();

}  // namespace

TEST_CASE("each rule moves the session on and says what to do") {  // one row a rule, in the order of the table
    struct Row {
        std::size_t rule;
        Session before;
        Event event;
        Phase after;
        Effects effects;
    };
    const Session armed = with(given(Ready), [](Session& s) { s.offer = posted; });
    const Session going = with(given(Capturing), [](Session& s) {
        s.far.endpoint = in;
        s.going = true;
    });
    const Session goingArmed = with(going, [](Session& s) { s.offer = posted; });
    const auto blind = [](Session& s) {
        s.media = 0;
        s.asking = true;
    };
    const Session linked = with(given(Connecting), [](Session& s) {
        s.media = 0;
        s.asking = s.linked = true;
    });
    const Session newServers = with(given(Connecting), [](Session& s) { s.ice.newServers = true; });
    const Session faltering = with(given(Live), [](Session& s) { s.faltering = true; });
    const Session reached = with(faltering, [](Session& s) { s.reached = true; });
    const Session away = with(faltering, [](Session& s) { s.ticks = 1; });
    const auto lived = [](Phase phase) { return with(given(phase), [](Session& s) { s.lived = true; }); };
    const auto rigid = [](Session& s) { s.far.restarts = false; };
    const Session healed = with(given(Restarting), [](Session& s) { s.linked = true; });
    const Session renewed = with(given(Restarting), [](Session& s) {
        s.ice.applied = true;
        s.ice.pending = false;
    });
    const Session quoting = with(given(Restarting), [](Session& s) { s.far.quotes = true; });
    const Session lost = with(given(Live), [](Session& s) {
        s.phase = Waiting;
        s.unreachable = true;
    });
    const Session offline = with(given(Waiting), [](Session& s) { s.unreachable = true; });
    const auto patient = [](Session& s) { s.ticks = 19; };
    const auto dark = [](Session& s) { s.unreachable = true; };
    const Session postedBlindly = with(given(Posting), dark), restartedBlindly = with(given(Restarting), dark);
    const Session asked = with(given(Waiting), [](Session& s) { s.asked = true; });
    const Session stoppingEarly = with(given(Stopping), [](Session& s) { s.resource.clear(); });
    const Effects anew = {DeleteSession{res}, ClosePeer{}, MakeOffer{6, {}}, AttachMedia{4}};
    const Effects restart = {RestartIce{5, 1}, Wait{3s}}, restartAgain = {RestartIce{5, 3}, Wait{3s}};
    const Effects stop = {ReleaseMedia{4}, DeleteSession{res}, Wait{3s}};
    const Effects seek = {DeleteSession{res}, ClosePeer{}, Probe{in}, Wait{700ms, 175ms}};
    const Effects leave = {ReleaseMedia{4}, DeleteSession{res}, ClosePeer{}};
    const Candidate found{5, "u", line};
    const SendCandidates sent{5, 0, res, fragmentText("a=" + line + "\r\n"), tag};
    const Restarted accepted{5, 2, 200, "\"2\"", freshAnswer};
    const ApplyAnswer reapplied{
        5, publisherAnswer(sdp::write(sdp::restartIce(*sdp::parse(kAnswer), *sdp::parseFragment(freshAnswer))))};
    // clang-format off
    const Row rows[] = {
        {0,   given(Idle),       Preview{},                          Capturing,  {Capture{5}, MakeOffer{6, {}}, Wait{25s}}},
        {0,   given(Failed),     Preview{},                          Capturing,  {Capture{5}, MakeOffer{6, {}}, Wait{25s}}},
        {1,   given(Idle),       Arm{in, "t", {}},                   Idle,       {Warm{in, "t"}}},
        {2,   given(Idle),       Start{in},                          Offering,   {Capture{5}, MakeOffer{6, {}}}},
        {2,   given(Failed),     Start{in},                          Offering,   {Capture{5}, MakeOffer{6, {}}}},
        {3,   given(Failed),     Stop{},                             Idle,       {}},
        {4,   given(Failed),     Leave{},                            Idle,       {}},

        {5,   given(Ready),      Arm{in, "", {}},                    Ready,      {Warm{in}}},
        {5,   given(Ready),      Arm{in, "", {{"stun:s", "", ""}}},  Ready,      {Warm{in}, ClosePeer{}, MakeOffer{6, {{"stun:s", "", ""}}}, AttachMedia{4}}},
        {6,   given(Capturing),  OfferReady{5, kOffer},              Capturing,  {}},
        {7,   armed,             Start{in},                          Posting,    {PostOffer{5, in, posted}, Wait{5s}}},
        {8,   given(Ready),      Start{in},                          Offering,   {}},
        {9,   given(Ready),      Waited{},                           Ready,      {Wait{25s}}},
        {10,  given(Ready),      Online{},                           Ready,      {ClosePeer{}, MakeOffer{6, {}}, AttachMedia{4}, Wait{25s}}},
        {11,  given(Ready),      Awake{},                            Ready,      {ClosePeer{}, MakeOffer{6, {}}, AttachMedia{4}, Wait{25s}}},
        {12, given(Ready),      Refused{5, Reason::UnsupportedBrowser}, Failed, {ReleaseMedia{4}, ClosePeer{}}},
        {13,  goingArmed,        Captured{4},                        Posting,    {AttachMedia{4}, PostOffer{5, in, posted}, Wait{5s}}},
        {14,  going,             Captured{4},                        Offering,   {AttachMedia{4}}},
        {15,  given(Capturing),  Captured{4},                        Ready,      {ClosePeer{}, MakeOffer{6, {}}, AttachMedia{4}, Wait{25s}}},

        {16,  given(Offering),   OfferReady{5, kOffer},              Posting,    {PostOffer{5, in, posted}, Wait{5s}}},
        {17,  lived(Offering),   Refused{5, Reason::OfferRefused},   Waiting,    {ClosePeer{}, Wait{3s, 250ms}}},
        {18,  given(Offering),   Refused{5, Reason::OfferRefused},   Failed,     {ReleaseMedia{4}, ClosePeer{}}},

        {19,  given(Posting),    created(),                          Connecting, {ApplyAnswer{5, applied}, Wait{6s}}},
        {20,  lived(Posting),    created(kAnswerWithoutVideo),       Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{3s, 250ms}}},
        {21,  given(Posting),    created(kAnswerWithoutVideo),       Failed,     leave},
        {22,  given(Posting),    Dropped{5, Reason::Offline},        Waiting,    {ClosePeer{}, Probe{in}, Wait{700ms, 175ms}}},
        {22,  given(Posting),    Dropped{5, Reason::ServiceUnavailable}, Waiting, {ClosePeer{}, Wait{500ms, 250ms}}},
        {23,  given(Posting),    Waited{},                           Waiting,    {ClosePeer{}, Probe{in}, Wait{700ms, 175ms}}},
        {24,  postedBlindly,     Reached{},                          Offering,   {ClosePeer{}, MakeOffer{6, {}}, AttachMedia{4}}},
        {25,  lived(Posting),    Refused{5, Reason::StreamGone},     Waiting,    {ClosePeer{}, Wait{3s, 250ms}}},
        {26,  given(Posting),    Refused{5, Reason::NotAllowed},     Failed,     {ReleaseMedia{4}, ClosePeer{}}},
        {27,  given(Posting),    Online{},                           Offering,   {ClosePeer{}, MakeOffer{6, {}}, AttachMedia{4}}},

        {28,  given(Connecting), Connected{5},                       Live,       {}},
        {29,  with(given(Connecting), blind), Connected{5},          Connecting, {}},
        {30,  linked,            Captured{4},                        Live,       {AttachMedia{4}}},
        {31,  linked,            Waited{},                           Connecting, {}},
        {32,  newServers,        Waited{},                           Restarting, restart},
        {33,  with(given(Connecting), blind), Waited{},              Capturing,  {DeleteSession{res}, ClosePeer{}, MakeOffer{6, {}}}},
        {34,  given(Connecting), Waited{},                           Waiting,    seek},
        {35,  newServers,        Dropped{5},                         Restarting, restart},
        {36,  with(given(Connecting), blind), Dropped{5},            Capturing,  {DeleteSession{res}, ClosePeer{}, MakeOffer{6, {}}}},
        {37,  given(Connecting), Dropped{5},                         Waiting,    seek},
        {38,  with(given(Connecting), blind), Ended{5},              Capturing,  {DeleteSession{res}, ClosePeer{}, MakeOffer{6, {}}}},
        {39,  given(Connecting), Ended{5},                           Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{500ms, 250ms}}},
        {40,  given(Connecting), Patched{5, 0, 412},                 Restarting, restart},
        {41,  lived(Connecting), Refused{5, Reason::AnswerUnfit},    Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{3s, 250ms}}},
        {42,  given(Connecting), Refused{5, Reason::AnswerUnfit},    Failed,     leave},
        {43,  given(Connecting), Online{},                           Offering,   anew},

        {44,  faltering,         Connected{5},                       Live,       {}},
        {45,  given(Live),       Faltered{5},                        Live,       {Probe{in}, Wait{1s}}},
        {46,  away,              Reached{},                          Restarting, restart},
        {47,  faltering,         Reached{},                          Live,       {}},
        {47,  with(away, rigid), Reached{},                          Live,       {Wait{500ms}}},
        {48,  given(Live),       Waited{},                           Live,       {}},
        {49,  faltering,         Waited{},                           Live,       {Probe{in}, Wait{700ms, 175ms}}},
        {50,  reached,           Waited{},                           Restarting, restart},
        {51,  with(reached, rigid), Waited{},                        Offering,   anew},
        {52,  given(Live),       Online{},                           Restarting, restart},
        {52,  faltering,         Online{},                           Restarting, restart},
        {53,  with(given(Live), rigid), Online{},                    Offering,   anew},
        {53,  with(faltering, rigid), Online{},                      Offering,   anew},
        {54,  given(Live),       Dropped{5},                         Waiting,    {Probe{in}, Wait{700ms, 175ms}}},
        {55,  with(given(Live), rigid), Dropped{5},                  Waiting,    seek},
        {56,  given(Live),       Ended{5},                           Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{500ms, 250ms}}},

        {57,  given(Restarting), RestartReady{5, 2, restartOffer},   Restarting, {SendRestart{5, 2, res, fragmentText(""), "*"}, Wait{3s}}},
        {58,  given(Restarting), Restarted{5, 1, 200, "\"1\"", freshAnswer}, Restarting, {}},
        {59,  healed,            accepted,                           Live,       {reapplied}},
        {60,  given(Restarting), accepted,                           Restarting, {reapplied, Wait{5s}}},
        {61,  given(Restarting), Restarted{5, 2, 412, "", ""},       Restarting, {SendRestart{5, 2, res, fragmentText(""), "\"*\""}, Wait{3s}}},
        {62,  healed,            Restarted{5, 2, 422, "", ""},       Live,       {UndoRestart{}}},
        {63,  given(Restarting), Restarted{5, 2, 0, "", ""},         Waiting,    {Probe{in}, Wait{700ms, 175ms}}},
        {64,  given(Restarting), Restarted{5, 2, 422, "", ""},       Offering,   anew},
        {64,  given(Restarting), Restarted{5, 2, 503, "", ""},       Offering,   anew},
        {64,  quoting,           Restarted{5, 2, 412, "", ""},       Offering,   anew},
        {64,  given(Restarting), Restarted{5, 2, 204, "", ""},       Offering,   anew},
        {65,  renewed,           Connected{5},                       Live,       {}},
        {66,  given(Restarting), Connected{5},                       Restarting, {}},
        {67,  healed,            Faltered{5},                        Restarting, {}},
        {68,  renewed,           Dropped{5},                         Offering,   anew},
        {69,  given(Restarting), Dropped{5},                         Restarting, {}},
        {70,  given(Restarting), Ended{5},                           Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{500ms, 250ms}}},
        {71,  given(Restarting), Online{},                           Restarting, restartAgain},
        {72,  restartedBlindly,  Reached{},                          Restarting, restartAgain},
        {73,  given(Restarting), Refused{5, Reason::AnswerUnfit},    Offering,   anew},
        {74,  healed,            Waited{},                           Live,       {UndoRestart{}}},
        {75,  renewed,           Waited{},                           Offering,   anew},
        {76,  given(Restarting), Waited{},                           Waiting,    {Probe{in}, Wait{700ms, 175ms}}},

        {77,  lost,              Connected{5},                       Live,       {}},
        {78,  lost,              Ended{5},                           Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{500ms, 250ms}}},
        {79,  lost,              Reached{},                          Restarting, restart},
        {80,  offline,           Reached{},                          Offering,   {MakeOffer{6, {}}, AttachMedia{4}}},
        {81,  offline,           Waited{},                           Waiting,    {Probe{in}, Wait{700ms, 175ms}}},
        {82,  with(lost, patient), Waited{},                         Restarting, {RestartIce{5, 1}, Wait{2s}, Probe{in}}},
        {83,  with(offline, patient), Waited{},                      Offering,   {MakeOffer{6, {}}, AttachMedia{4}}},
        {84,  given(Waiting),    Waited{},                           Offering,   {MakeOffer{6, {}}, AttachMedia{4}}},
        {85,  asked,             Online{},                           Waiting,    {}},
        {86,  asked,             Awake{},                            Waiting,    {}},
        {87,  lost,              Online{},                           Restarting, restart},
        {88,  lost,              Awake{},                            Restarting, restart},
        {89,  given(Waiting),    Online{},                           Offering,   {MakeOffer{6, {}}, AttachMedia{4}}},
        {90,  given(Waiting),    Awake{},                            Offering,   {MakeOffer{6, {}}, AttachMedia{4}}},
        {91,  lost,              Stop{},                             Stopping,   stop},
        {92,  given(Waiting),    Stop{},                             Idle,       {ReleaseMedia{4}}},

        {93,  given(Connecting), found,                              Connecting, {sent}},
        {94,  with(given(Restarting), [](Session& s) { s.ice.applied = true; s.ice.round = 0; }), found, Restarting, {sent}},
        {95,  given(Posting),    found,                              Posting,    {}},
        {96,  given(Live),       Patched{5, 0, 405},                 Live,       {}},
        {97,  with(given(Live), blind), Captured{4},                 Live,       {AttachMedia{4}}},
        {98,  given(Capturing),  Uncaptured{4, Reason::CameraDenied}, Failed,    {ClosePeer{}}},
        {99,  given(Waiting),    Deleted{"https://cf.test/s/0", false}, Waiting, {}},
        {100, given(Offering),   Stop{},                             Idle,       {ReleaseMedia{4}, ClosePeer{}}},
        {101, given(Posting),    Stop{},                             Stopping,   {ReleaseMedia{4}, Wait{3s}}},
        {101, given(Live),       Stop{},                             Stopping,   stop},
        {102, given(Live),       Leave{},                            Idle,       leave},
        {102, given(Capturing),  Leave{},                            Idle,       {ClosePeer{}}},

        {103, stoppingEarly,    created(),                          Stopping,   {DeleteSession{res}, Wait{3s}}},
        {104, stoppingEarly,    Dropped{5},                         Idle,       {ClosePeer{}}},
        {105, given(Stopping),  Ended{5},                           Idle,       {ClosePeer{}}},
        {106, stoppingEarly,    Refused{5, Reason::NotAllowed},     Idle,       {ClosePeer{}}},
        {107, given(Stopping),  Deleted{res},                       Idle,       {ClosePeer{}}},
        {108, given(Stopping),  Waited{},                           Idle,       {ClosePeer{}}},
        {109, given(Stopping),  Leave{},                            Idle,       {ClosePeer{}}},

        // No rule: nothing moves, and what a late reply brought is let go of.
        {kNone, given(Live),       Start{in},                          Live,       {}},
        {kNone, given(Live),       Reached{},                          Live,       {}},
        {kNone, given(Stopping),   Deleted{"https://cf.test/s/0"},     Stopping,   {}},
        {kNone, given(Idle),       Stop{},                             Idle,       {}},
        {kNone, given(Failed),     OfferReady{5, kOffer},              Failed,     {}},
        {kNone, given(Waiting),    created(),                          Waiting,    {DeleteSession{res}}},
        {kNone, given(Idle),       created(),                          Idle,       {DeleteSession{res}}},
        {kNone, given(Live),       Created{4, res, "", {}, kAnswer},   Live,       {DeleteSession{res}}},
        {kNone, given(Idle),       Captured{4},                        Idle,       {ReleaseMedia{4}}},
        {kNone, given(Capturing),  Captured{3},                        Capturing,  {ReleaseMedia{3}}},
        {kNone, given(Offering),   OfferReady{4, kOffer},              Offering,   {}},
        {kNone, given(Posting),    Refused{4, Reason::NotAllowed},     Posting,    {}},
        {kNone, given(Live),       Dropped{4},                         Live,       {}},
        {kNone, given(Live),       Connected{4},                       Live,       {}},
        {kNone, given(Restarting), RestartReady{5, 1, restartOffer},   Restarting, {}},
    };
    // clang-format on
    std::set<std::size_t> covered;
    int number = 0;
    for (const Row& row : rows) {
        CAPTURE(number++);
        CAPTURE(row.rule);
        CAPTURE(int(row.before.phase));
        CAPTURE(row.event.index());
        CHECK(int(ruleFor(row.before, row.event)) == int(row.rule));
        covered.insert(row.rule);
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
    covered.erase(kNone);
    CHECK(covered.size() == rules().size());
}

TEST_CASE("a reply that comes too late changes nothing that a session remembers") {
    for (const Event& event : {Event{Created{4, res, "", {}, kAnswer}}, Event{Captured{3}}, Event{Dropped{4}}}) {
        for (const Phase phase :
             {Idle, Capturing, Ready, Offering, Posting, Connecting, Live, Restarting, Waiting, Stopping, Failed}) {
            Session session = given(phase);
            (void)step(session, event);
            CHECK(session == given(phase));
        }
    }
}

TEST_CASE("a session that has ended remembers nothing but its turn") {
    for (const Phase phase :
         {Capturing, Ready, Offering, Posting, Connecting, Live, Restarting, Waiting, Stopping, Failed}) {
        Session session = given(phase);
        session.drops = 3;
        session.etag = tag;
        session.problem.title = "why";
        session.strays = {"https://cf.test/s/0"};
        session.faltering = phase == Live;
        (void)step(session, Leave{});
        CHECK(session == Session{.take = 4, .turn = 5});
    }
}

TEST_CASE("a new beginning after a failure knows nothing of it") {
    Session session = given(Failed);
    session.far.endpoint = in;
    session.drops = 3;
    (void)step(session, Preview{});
    CHECK(session.drops == 0);
    CHECK(step(session, Captured{5}).size() == 5);  // with Warm: it knows where to
    CHECK(session.phase == Ready);
}
