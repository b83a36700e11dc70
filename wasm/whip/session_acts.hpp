/// What the rules of session.cpp do: each function changes what the session remembers and returns the effects. Grouped
/// as they are in the files session_acts.cpp, session_recovery.cpp and session_ice.cpp.
#pragma once

#include "whip/session.hpp"

namespace whip::acts {

// The camera, the offer and the way to Live.
[[nodiscard]] Effects preview(Session& s, const Event& e);
[[nodiscard]] Effects aim(Session& s, const Event& e);
[[nodiscard]] Effects goCold(Session& s, const Event& e);
[[nodiscard]] Effects go(Session& s, const Event& e);
[[nodiscard]] Effects goArmed(Session& s, const Event& e);
[[nodiscard]] Effects keepOffer(Session& s, const Event& e);
[[nodiscard]] Effects pulse(Session& s, const Event& e);
[[nodiscard]] Effects rearm(Session& s, const Event& e);
[[nodiscard]] Effects hold(Session& s, const Event& e);
[[nodiscard]] Effects holdAndRearm(Session& s, const Event& e);
[[nodiscard]] Effects holdAndPost(Session& s, const Event& e);
[[nodiscard]] Effects holdLive(Session& s, const Event& e);
[[nodiscard]] Effects post(Session& s, const Event& e);
[[nodiscard]] Effects answer(Session& s, const Event& e);
[[nodiscard]] Effects misfit(Session& s, const Event& e);
[[nodiscard]] Effects link(Session& s, const Event& e);
[[nodiscard]] Effects live(Session& s, const Event& e);

// The end.
[[nodiscard]] Effects fail(Session& s, const Event& e);
[[nodiscard]] Effects uncaptured(Session& s, const Event& e);
[[nodiscard]] Effects end(Session& s, const Event& e);
[[nodiscard]] Effects stop(Session& s, const Event& e);
[[nodiscard]] Effects disown(Session& s, const Event& e);
[[nodiscard]] Effects stopped(Session& s, const Event& e);
[[nodiscard]] Effects nothing(Session& s, const Event& e);
[[nodiscard]] Effects keepStray(Session& s, const Event& e);

// Recovery: brief waiting, then a restart, then another POST, then slower.
[[nodiscard]] Effects falter(Session& s, const Event& e);
[[nodiscard]] Effects reach(Session& s, const Event& e);
[[nodiscard]] Effects probe(Session& s, const Event& e);
[[nodiscard]] Effects lose(Session& s, const Event& e);
[[nodiscard]] Effects offer(Session& s, const Event& e);
[[nodiscard]] Effects offerBlindly(Session& s, const Event& e);
[[nodiscard]] Effects askFirst(Session& s, const Event& e);
[[nodiscard]] Effects refusedAgain(Session& s, const Event& e);
[[nodiscard]] Effects again(Session& s, const Event& e);
[[nodiscard]] Effects ended(Session& s, const Event& e);
[[nodiscard]] Effects unanswered(Session& s, const Event& e);
[[nodiscard]] Effects unconnected(Session& s, const Event& e);

// ICE: candidates and restarts.
[[nodiscard]] Effects gather(Session& s, const Event& e);
[[nodiscard]] Effects trickle(Session& s, const Event& e);
[[nodiscard]] Effects patched(Session& s, const Event& e);
[[nodiscard]] Effects restart(Session& s, const Event& e);
[[nodiscard]] Effects restartBlindly(Session& s, const Event& e);
[[nodiscard]] Effects sendRestart(Session& s, const Event& e);
[[nodiscard]] Effects sendOtherForm(Session& s, const Event& e);
[[nodiscard]] Effects applyRestart(Session& s, const Event& e);
[[nodiscard]] Effects undoRestart(Session& s, const Event& e);
[[nodiscard]] Effects unsupported(Session& s, const Event& e);
[[nodiscard]] Effects unlink(Session& s, const Event& e);

// What several of the above have in common.
[[nodiscard]] Effects hangUp(Session& s);     ///< ends the session on the server and closes the connection
[[nodiscard]] Effects makeOffer(Session& s);  ///< in a new connection
[[nodiscard]] Effects flush(Session& s);      ///< sends the candidates the server does not have yet

}  // namespace whip::acts
