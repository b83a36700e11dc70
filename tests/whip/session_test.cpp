#include "whip/session.hpp"

#include <doctest/doctest.h>

#include <set>

#include "sdp/description.hpp"
#include "sdp/fragment.hpp"
#include "whip/offer.hpp"
#include "whip/session_rules.hpp"
#include "whip/texts.hpp"

using namespace whip;
using enum whip::Phase;
using namespace std::chrono_literals;

namespace {

const std::string in = "https://cf.test/in", res = "https://cf.test/s/1", tag = "\"tag\"";
const std::string line = "candidate:1 1 udp 2122194687 192.0.2.2 41472 typ host";
const std::string posted = publisherOffer(kOffer), applied = publisherAnswer(kAnswer);
const std::string restartOffer = kOffer, freshAnswer = "a=ice-ufrag:new\r\na=ice-pwd:newer\r\n";

const std::size_t kNone = rules().size();

// In every phase the session is at turn 5 and take 4; what it holds by then is what it would hold.
Session given(Phase phase) {
    Session s{.phase = phase, .take = 4, .turn = 5};
    if (phase == Idle) return s;
    if (phase == Failed) s.reason = Reason::NotAllowed;
    if (phase == Failed) return s;
    s.asking = phase == Capturing;
    if (phase != Stopping && phase != Capturing) s.media = 4;
    s.peer = phase != Waiting;
    s.going = phase != Capturing && phase != Ready;
    if (s.going) s.far.endpoint = in;
    if (phase == Posting || phase == Connecting || phase == Live || phase == Restarting) s.offer = posted;
    if (phase != Capturing && phase != Ready && phase != Offering) s.ice.ufrag = "u", s.ice.pwd = "p";
    if (phase == Connecting || phase == Live || phase == Restarting || phase == Stopping)
        s.resource = res, s.etag = tag;
    if (phase == Connecting || phase == Live || phase == Restarting) s.answer = kAnswer;
    if (phase == Restarting) s.ice.round = 2, s.ice.tries = 1, s.ice.pending = true, s.ice.applied = false;
    return s;
}

Session with(Session s, void (*change)(Session&)) {
    change(s);
    return s;
}

Created created(std::string answer = kAnswer) { return {5, res, tag, {}, std::move(answer)}; }

std::string fragmentText(const std::string& rest) {
    return "a=ice-ufrag:u\r\na=ice-pwd:p\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n" + rest;
}

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
    const Session asked = with(given(Waiting), [](Session& s) { s.asked = true; });
    const Session stoppingEarly = with(given(Stopping), [](Session& s) { s.resource.clear(); });
    const Effects anew = {DeleteSession{res}, ClosePeer{}, MakeOffer{6, {}}, AttachMedia{4}};
    const Effects restart = {RestartIce{5, 1}, Wait{4s}}, restartAgain = {RestartIce{5, 3}, Wait{4s}};
    const Effects stop = {ReleaseMedia{4}, DeleteSession{res}, Wait{3s}};
    const Effects seek = {DeleteSession{res}, ClosePeer{}, Probe{in}, Wait{1s, 250ms}};
    const Effects leave = {ReleaseMedia{4}, DeleteSession{res}, ClosePeer{}};
    const Candidate found{5, "u", line};
    const SendCandidates sent{5, 0, res, fragmentText("a=" + line + "\r\n"), tag};
    const Restarted accepted{5, 2, 200, "\"2\"", freshAnswer};
    const ApplyAnswer reapplied{
        5, publisherAnswer(sdp::write(sdp::restartIce(*sdp::parse(kAnswer), *sdp::parseFragment(freshAnswer))))};
    // clang-format off
    const Row rows[] = {
        {0,  given(Idle),       Preview{},                          Capturing,  {Capture{5}, MakeOffer{6, {}}, Wait{25s}}},
        {0,  given(Failed),     Preview{},                          Capturing,  {Capture{5}, MakeOffer{6, {}}, Wait{25s}}},
        {1,  given(Idle),       Arm{in, "t", {}},                   Idle,       {Warm{in, "t"}}},
        {2,  given(Idle),       Start{in},                          Offering,   {Capture{5}, MakeOffer{6, {}}}},
        {2,  given(Failed),     Start{in},                          Offering,   {Capture{5}, MakeOffer{6, {}}}},
        {3,  given(Failed),     Stop{},                             Idle,       {}},
        {4,  given(Failed),     Leave{},                            Idle,       {}},

        {5,  given(Ready),      Arm{in, "", {}},                    Ready,      {Warm{in}}},
        {5,  given(Ready),      Arm{in, "", {{"stun:s", "", ""}}},  Ready,      {Warm{in}, ClosePeer{}, MakeOffer{6, {{"stun:s", "", ""}}}, AttachMedia{4}}},
        {6,  given(Capturing),  OfferReady{5, kOffer},              Capturing,  {}},
        {7,  armed,             Start{in},                          Posting,    {PostOffer{5, in, posted}, Wait{10s}}},
        {8,  given(Ready),      Start{in},                          Offering,   {}},
        {9,  given(Ready),      Waited{},                           Ready,      {Wait{25s}}},
        {10, given(Ready),      Online{},                           Ready,      {ClosePeer{}, MakeOffer{6, {}}, AttachMedia{4}, Wait{25s}}},
        {11, given(Ready),      Awake{},                            Ready,      {ClosePeer{}, MakeOffer{6, {}}, AttachMedia{4}, Wait{25s}}},
        {12, given(Ready),      Refused{5, Reason::UnsupportedBrowser}, Failed, {ReleaseMedia{4}, ClosePeer{}}},
        {13, goingArmed,        Captured{4},                        Posting,    {AttachMedia{4}, PostOffer{5, in, posted}, Wait{10s}}},
        {14, going,             Captured{4},                        Offering,   {AttachMedia{4}}},
        {15, given(Capturing),  Captured{4},                        Ready,      {ClosePeer{}, MakeOffer{6, {}}, AttachMedia{4}, Wait{25s}}},

        {16, given(Offering),   OfferReady{5, kOffer},              Posting,    {PostOffer{5, in, posted}, Wait{10s}}},
        {17, given(Offering),   Refused{5, Reason::OfferRefused},   Failed,     {ReleaseMedia{4}, ClosePeer{}}},

        {18, given(Posting),    created(),                          Connecting, {ApplyAnswer{5, applied}, Wait{15s}}},
        {19, given(Posting),    created(kAnswerWithoutVideo),       Failed,     leave},
        {20, given(Posting),    Dropped{5, Reason::Offline},        Waiting,    {ClosePeer{}, Probe{in}, Wait{1s, 250ms}}},
        {20, given(Posting),    Dropped{5, Reason::ServiceUnavailable}, Waiting, {ClosePeer{}, Wait{500ms, 250ms}}},
        {21, given(Posting),    Waited{},                           Waiting,    {ClosePeer{}, Probe{in}, Wait{1s, 250ms}}},
        {22, given(Posting),    Refused{5, Reason::NotAllowed},     Failed,     {ReleaseMedia{4}, ClosePeer{}}},
        {23, given(Posting),    Online{},                           Offering,   {ClosePeer{}, MakeOffer{6, {}}, AttachMedia{4}}},

        {24, given(Connecting), Connected{5},                       Live,       {}},
        {25, with(given(Connecting), blind), Connected{5},          Connecting, {}},
        {26, linked,            Captured{4},                        Live,       {AttachMedia{4}}},
        {27, linked,            Waited{},                           Connecting, {}},
        {28, newServers,        Waited{},                           Restarting, restart},
        {29, with(given(Connecting), blind), Waited{},              Capturing,  {DeleteSession{res}, ClosePeer{}, MakeOffer{6, {}}}},
        {30, given(Connecting), Waited{},                           Waiting,    seek},
        {31, newServers,        Dropped{5},                         Restarting, restart},
        {32, with(given(Connecting), blind), Dropped{5},            Capturing,  {DeleteSession{res}, ClosePeer{}, MakeOffer{6, {}}}},
        {33, given(Connecting), Dropped{5},                         Waiting,    seek},
        {34, with(given(Connecting), blind), Ended{5},              Capturing,  {DeleteSession{res}, ClosePeer{}, MakeOffer{6, {}}}},
        {35, given(Connecting), Ended{5},                           Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{500ms, 250ms}}},
        {36, given(Connecting), Patched{5, 0, 412},                 Restarting, restart},
        {37, given(Connecting), Refused{5, Reason::AnswerUnfit},    Failed,     leave},
        {38, given(Connecting), Online{},                           Offering,   anew},

        {39, faltering,         Connected{5},                       Live,       {}},
        {40, given(Live),       Faltered{5},                        Live,       {Probe{in}, Wait{2s}}},
        {41, faltering,         Reached{},                          Live,       {}},
        {42, given(Live),       Waited{},                           Live,       {}},
        {43, faltering,         Waited{},                           Live,       {Probe{in}, Wait{1s, 250ms}}},
        {44, reached,           Waited{},                           Restarting, restart},
        {45, with(reached, rigid), Waited{},                        Offering,   anew},
        {46, given(Live),       Online{},                           Live,       {}},
        {47, faltering,         Online{},                           Restarting, restart},
        {48, with(faltering, rigid), Online{},                      Offering,   anew},
        {49, given(Live),       Dropped{5},                         Waiting,    {Probe{in}, Wait{1s, 250ms}}},
        {50, with(given(Live), rigid), Dropped{5},                  Waiting,    seek},
        {51, given(Live),       Ended{5},                           Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{500ms, 250ms}}},

        {52, given(Restarting), RestartReady{5, 2, restartOffer},   Restarting, {SendRestart{5, 2, res, fragmentText(""), "*"}, Wait{4s}}},
        {53, given(Restarting), Restarted{5, 1, 200, "\"1\"", freshAnswer}, Restarting, {}},
        {54, healed,            accepted,                           Live,       {reapplied}},
        {55, given(Restarting), accepted,                           Restarting, {reapplied, Wait{6s}}},
        {56, given(Restarting), Restarted{5, 2, 412, "", ""},       Restarting, {SendRestart{5, 2, res, fragmentText(""), "\"*\""}, Wait{4s}}},
        {57, healed,            Restarted{5, 2, 422, "", ""},       Live,       {UndoRestart{}}},
        {58, given(Restarting), Restarted{5, 2, 0, "", ""},         Waiting,    {Probe{in}, Wait{1s, 250ms}}},
        {59, given(Restarting), Restarted{5, 2, 422, "", ""},       Offering,   anew},
        {59, quoting,           Restarted{5, 2, 412, "", ""},       Offering,   anew},
        {59, given(Restarting), Restarted{5, 2, 204, "", ""},       Offering,   anew},
        {60, renewed,           Connected{5},                       Live,       {}},
        {61, given(Restarting), Connected{5},                       Restarting, {}},
        {62, healed,            Faltered{5},                        Restarting, {}},
        {63, renewed,           Dropped{5},                         Offering,   anew},
        {64, given(Restarting), Dropped{5},                         Restarting, {}},
        {65, given(Restarting), Ended{5},                           Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{500ms, 250ms}}},
        {66, given(Restarting), Online{},                           Restarting, restartAgain},
        {67, given(Restarting), Refused{5, Reason::AnswerUnfit},    Offering,   anew},
        {68, healed,            Waited{},                           Live,       {UndoRestart{}}},
        {69, renewed,           Waited{},                           Offering,   anew},
        {70, given(Restarting), Waited{},                           Waiting,    {Probe{in}, Wait{1s, 250ms}}},

        {71, lost,              Connected{5},                       Live,       {}},
        {72, lost,              Ended{5},                           Waiting,    {DeleteSession{res}, ClosePeer{}, Wait{500ms, 250ms}}},
        {73, lost,              Reached{},                          Restarting, restart},
        {74, offline,           Reached{},                          Offering,   {MakeOffer{6, {}}, AttachMedia{4}}},
        {75, offline,           Waited{},                           Waiting,    {Probe{in}, Wait{1s, 250ms}}},
        {76, with(lost, [](Session& s) { s.ticks = 19; }), Waited{}, Restarting, restart},
        {77, given(Waiting),    Waited{},                           Offering,   {MakeOffer{6, {}}, AttachMedia{4}}},
        {78, asked,             Online{},                           Waiting,    {}},
        {79, asked,             Awake{},                            Waiting,    {}},
        {80, lost,              Online{},                           Restarting, restart},
        {81, lost,              Awake{},                            Restarting, restart},
        {82, given(Waiting),    Online{},                           Offering,   {MakeOffer{6, {}}, AttachMedia{4}}},
        {83, given(Waiting),    Awake{},                            Offering,   {MakeOffer{6, {}}, AttachMedia{4}}},
        {84, lost,              Stop{},                             Stopping,   stop},
        {85, given(Waiting),    Stop{},                             Idle,       {ReleaseMedia{4}}},

        {86, given(Connecting), found,                              Connecting, {sent}},
        {87, with(given(Restarting), [](Session& s) { s.ice.applied = true; s.ice.round = 0; }), found, Restarting, {sent}},
        {88, given(Posting),    found,                              Posting,    {}},
        {89, given(Live),       Patched{5, 0, 405},                 Live,       {}},
        {90, with(given(Live), blind), Captured{4},                 Live,       {AttachMedia{4}}},
        {91, given(Capturing),  Uncaptured{4, Reason::CameraDenied}, Failed,    {ClosePeer{}}},
        {92, given(Waiting),    Deleted{"https://cf.test/s/0", false}, Waiting, {}},
        {93, given(Offering),   Stop{},                             Idle,       {ReleaseMedia{4}, ClosePeer{}}},
        {94, given(Posting),    Stop{},                             Stopping,   {ReleaseMedia{4}, Wait{3s}}},
        {94, given(Live),       Stop{},                             Stopping,   stop},
        {95, given(Live),       Leave{},                            Idle,       leave},
        {95, given(Capturing),  Leave{},                            Idle,       {ClosePeer{}}},

        {96, stoppingEarly,    created(),                          Stopping,   {DeleteSession{res}, Wait{3s}}},
        {97, stoppingEarly,    Dropped{5},                         Idle,       {ClosePeer{}}},
        {98,  given(Stopping),  Ended{5},                           Idle,       {ClosePeer{}}},
        {99,  stoppingEarly,    Refused{5, Reason::NotAllowed},     Idle,       {ClosePeer{}}},
        {100, given(Stopping),  Deleted{res},                       Idle,       {ClosePeer{}}},
        {101, given(Stopping),  Waited{},                           Idle,       {ClosePeer{}}},
        {102, given(Stopping),  Leave{},                            Idle,       {ClosePeer{}}},

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

TEST_CASE("a connection that has recovered is not given up for the silence before") {
    Session session = given(Live);
    (void)step(session, Faltered{5});
    (void)step(session, Connected{5});
    CHECK(step(session, Waited{}).empty());
    CHECK(session.phase == Live);
}

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
    CHECK(step(session, Online{}) == Effects{RestartIce{5, 3}, Wait{4s}});
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

TEST_CASE("4.6: servers that only the 201 names are used by a restart, once the direct way has not been found") {
    Session session = given(Posting);
    Created reply = created();
    reply.iceServers = {{"turn:turn.test", "user", "pass"}};
    const Effects effects = step(session, reply);
    CHECK(effects.front() == Effect{SetIceServers{reply.iceServers}});
    CHECK(effects.back() == Effect{Wait{2500ms}});
    CHECK(step(session, Waited{}) == Effects{RestartIce{5, 1}, Wait{4s}});
    (void)step(session, Restarted{5, 1, 422, "", ""});
    // The next connection has them from the beginning.
    CHECK(session.phase == Offering);
    CHECK(session.far.servers == reply.iceServers);
    (void)step(session, OfferReady{6, kOffer});
    reply.turn = 6;
    reply.iceServers[0].credential = "fresh";
    CHECK(step(session, reply).back() == Effect{Wait{15s}});
}

TEST_CASE("a session that its DELETE could not reach is deleted before the next POST") {
    Session session = given(Waiting);
    (void)step(session, Deleted{res, false});
    (void)step(session, Waited{});
    CHECK(step(session, OfferReady{6, kOffer}) == Effects{DeleteSession{res}, PostOffer{6, in, posted}, Wait{10s}});
    CHECK(session.strays.empty());
}

TEST_CASE("a network that is away is asked after every second, and the session goes on the moment it is back") {
    Session session = given(Live);
    CHECK(step(session, Faltered{5}) == Effects{Probe{in}, Wait{2s}});
    CHECK(step(session, Waited{}) == Effects{Probe{in}, Wait{1s, 250ms}});
    CHECK(step(session, Reached{}) == Effects{Wait{500ms}});  // ICE may yet heal by itself
    CHECK(session.phase == Live);
    (void)step(session, Waited{});
    CHECK(session.phase == Restarting);
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
