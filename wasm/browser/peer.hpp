/// One RTCPeerConnection, sending or receiving: one function per thing a session asks of it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "browser/js_async.hpp"
#include "whip/outcome.hpp"

namespace browser {

/// How the connection to the far end is.
enum class Link { Up, Silent, Lost };

/// Who wants to know what becomes of a connection, until it is closed.
struct Observer {
    std::function<void(Link)> link;      ///< at each change
    std::function<void(js::val)> media;  ///< the MediaStream received, once its first picture is on the way
};

class Peer {
public:
    Peer() = default;
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    ~Peer() { close(); }

    /// A new connection without any media, in place of the one before. False when the browser has none to give.
    [[nodiscard]] bool open();
    /// Closes the connection and forgets it.
    void close();

    /// Sends the first audio and the first video track of `stream` (RFC 9725 section 4.4.2: one of each at most).
    void send(const js::val& stream);
    /// Receives one audio and one video track.
    void receive();

    /// Comes to an RTCSessionDescription; hand it to connect().
    js::Settle createOffer();
    /// For gathering that has not begun: the local description is set by connect().
    void setIceServers(const std::vector<whip::IceServer>& servers);
    /// Sets the local, then the remote description, then reports to `observer`. False when the browser does not take
    /// one of them, or the connection was closed meanwhile.
    js::Async<bool> connect(js::val offer, std::string answer, Observer observer) const;

private:
    js::val connection_ = js::val::undefined();
    js::Scope open_;  ///< ends with the connection: no listener outlives it
};

}  // namespace browser
