#include <algorithm>
#include <utility>

#include "sdp/fragment.hpp"
#include "whip/http.hpp"
#include "whip/offer.hpp"
#include "whip/session_acts.hpp"

namespace whip::acts {
namespace {

using namespace std::chrono_literals;

constexpr auto kRestartTime = 3s;    // for the reply to the PATCH
constexpr auto kBlindTime = 2s;      // likewise, while a probe is under way too
constexpr auto kReconnectTime = 5s;  // from there to a connection
constexpr std::size_t kMaxCandidates = 64;

// Credentials, m= line and mid of the offer, as they are since the last restart (RFC 8840 section 4.4).
sdp::Fragment fragment(const Session& s) {
    const auto parsed = sdp::parse(s.offer);
    sdp::Fragment fragment = parsed ? sdp::fragmentOf(*parsed) : sdp::Fragment{};
    fragment.iceUfrag = s.ice.ufrag;
    fragment.icePwd = s.ice.pwd;
    return fragment;
}

// RFC 9725 section 4.3.3: the bare * of RFC 9110 section 13.1.1. The RFC's example prints it quoted, and there are
// servers that take nothing else.
std::string anyTag(const Session& s) { return s.far.quotes ? "\"*\"" : "*"; }

Effects patchRestart(Session& s) {
    sdp::Fragment all = fragment(s);
    all.candidates = s.ice.candidates;
    all.endOfCandidates = s.ice.endSent = s.ice.gathered;
    s.ice.sent = all.candidates.size();
    return {SendRestart{s.turn, s.ice.round, s.resource, sdp::write(all), anyTag(s), s.far.token}, Wait{kRestartTime}};
}

}  // namespace

Effects gather(Session& s, const Event& e) {
    const auto& found = as<Candidate>(e);
    if (s.ice.ufrag.empty()) return {};
    if (!found.ufrag.empty() && found.ufrag != s.ice.ufrag) return {};  // from before a restart
    if (found.line.empty()) {
        s.ice.gathered = true;
    } else if (s.ice.candidates.size() < kMaxCandidates) {
        s.ice.candidates.push_back(found.line);
    }
    return {};
}

Effects trickle(Session& s, const Event& e) {
    (void)gather(s, e);
    return flush(s);
}

// All that has come up since the last one in a single PATCH, and one PATCH at a time: what comes meanwhile goes with
// the next one (RFC 9725 section 4.3.2). The ETag goes back as it came; without one there is nothing to match.
Effects flush(Session& s) {
    const bool news = s.ice.sent < s.ice.candidates.size() || (s.ice.gathered && !s.ice.endSent);
    if (!news || s.ice.sending || !s.far.trickles || s.resource.empty()) return {};
    sdp::Fragment next = fragment(s);
    next.candidates.assign(s.ice.candidates.begin() + static_cast<std::ptrdiff_t>(s.ice.sent), s.ice.candidates.end());
    next.endOfCandidates = s.ice.gathered;
    s.ice.sent = s.ice.candidates.size();
    s.ice.endSent = s.ice.gathered;
    s.ice.sending = true;
    return {SendCandidates{s.turn, s.ice.round, s.resource, sdp::write(next), s.etag, s.far.token}};
}

// Whatever comes back, a stream that runs goes on (RFC 9725 section 4.3.1).
Effects patched(Session& s, const Event& e) {
    const auto& reply = as<Patched>(e);
    if (reply.round != s.ice.round) return {};  // section 4.3.3: from before a restart
    s.ice.sending = false;
    switch (readPatch(reply.status)) {
        case Verdict::Done:
        case Verdict::Passing:
            break;
        case Verdict::Neither:
            s.far.restarts = false;
            [[fallthrough]];
        case Verdict::Unsupported:
        case Verdict::Gone:
        case Verdict::Mismatch:
            s.far.trickles = false;
            break;
    }
    if (s.phase == Phase::Waiting || !s.ice.applied) return {};
    return flush(s);
}

// The last restart wins: replies to earlier ones are known by their round and passed over (RFC 9725 section 4.3.3).
Effects restart(Session& s, const Event& e) {
    if (std::holds_alternative<Patched>(e)) {
        s.ice.resynced = true;
        s.ice.sending = false;
    }
    s.ice.newServers = false;
    s.ice.pending = true;
    s.ice.applied = false;
    ++s.ice.tries;
    s.linked = s.faltering = s.reached = s.unreachable = s.asked = false;
    if (s.reason == Reason::None) s.reason = Reason::ConnectionLost;
    return {RestartIce{s.turn, ++s.ice.round}, Wait{kRestartTime}};
}

// No probe has come back, but a server may refuse those.
Effects restartBlindly(Session& s, const Event& e) {
    Effects effects = restart(s, e);
    s.unreachable = true;
    effects.back() = Wait{kBlindTime};
    effects.push_back(Probe{s.far.endpoint});
    return effects;
}

// New credentials; candidates of the older ones do not go out any more.
Effects sendRestart(Session& s, const Event& e) {
    const auto& ready = as<RestartReady>(e);
    if (const auto parsed = sdp::parse(ready.sdp)) {
        const sdp::Fragment own = sdp::fragmentOf(*parsed);
        s.ice.ufrag = own.iceUfrag;
        s.ice.pwd = own.icePwd;
    }
    s.ice.candidates.clear();
    s.ice.gathered = false;
    return patchRestart(s);
}

Effects sendOtherForm(Session& s, const Event&) {
    s.far.quotes = true;
    return patchRestart(s);
}

// Credentials and candidates are replaced, everything else of the answer stays (RFC 9725 section 4.3.3).
Effects applyRestart(Session& s, const Event& e) {
    const auto& reply = as<Restarted>(e);
    const auto theirs = sdp::parseFragment(reply.body);
    const auto before = sdp::parse(s.answer);
    s.etag = reply.etag;
    s.ice.pending = false;
    s.ice.applied = true;
    s.ice.sending = false;
    s.unreachable = false;
    if (theirs && before) s.answer = sdp::write(sdp::restartIce(*before, *theirs));
    Effects effects{ApplyAnswer{s.turn, publisherAnswer(s.answer)}};
    append(effects, flush(s));
    if (s.linked)
        append(effects, live(s, e));
    else
        effects.push_back(Wait{kReconnectTime});
    return effects;
}

// The old connection has healed, so it does not matter that the restart came to nothing.
Effects undoRestart(Session& s, const Event& e) {
    if (const auto* reply = std::get_if<Restarted>(&e)) {
        const Verdict verdict = readPatch(reply->status);
        if (verdict != Verdict::Passing) s.far.restarts = false;
    }
    return live(s, e);
}

Effects unsupported(Session& s, const Event& e) {
    const Verdict verdict = readPatch(as<Restarted>(e).status);
    if (verdict != Verdict::Gone && verdict != Verdict::Passing) s.far.restarts = false;
    if (verdict == Verdict::Neither) s.far.trickles = false;
    return offer(s, e);
}

Effects unlink(Session& s, const Event&) {
    s.linked = false;
    return {};
}

}  // namespace whip::acts
