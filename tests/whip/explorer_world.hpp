/// A person, a browser and a server that may do anything allowed, in any order, around one session: what is under way
/// is bounded, and every promise of the session is checked after every step.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "whip/session.hpp"

namespace whip::explorer {

struct Reply {
    int turn = 0, round = 0;
    std::string match{};
};

/// A session on the server that the client has been told of.
struct Held {
    std::string resource, etag;
    bool deleted = false;  ///< a DELETE has been sent
};

struct World {
    Session session{};
    // What was asked for and has not come back yet.
    std::vector<int> captures{}, offers{}, posts{};
    std::vector<Reply> readies{}, restarts{}, patches{};
    std::vector<std::string> deletes{};
    int probes = 0;
    bool timer = false;
    // What is on.
    std::vector<int> media{};
    std::vector<Held> held{};
    int peer = 0;  ///< the turn of the connection there is
    bool answered = false;
    int candidates = 0;   ///< still to be found
    bool endless = true;  ///< "no more candidates" is still to come
    int made = 0;         ///< sessions, for their names
    int credit = 0;       ///< reasons to try again since it was tried last
    std::string fault{};  ///< the promise that was broken
};

/// Everything that may happen next.
[[nodiscard]] std::vector<Event> choices(const World& world);

/// Lets `event` happen and carries out what the session says.
void happen(World& world, const Event& event);

/// The same for worlds that differ in nothing but how far they have counted.
[[nodiscard]] std::uint64_t fingerprint(const World& world);

}  // namespace whip::explorer
