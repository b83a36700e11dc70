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

    /// Comes to an RTCSessionDescription; hand it to apply().
    js::Settle createOffer();
    /// For gathering that has not begun: the local description is set by apply().
    void setIceServers(const std::vector<whip::IceServer>& servers);
    /// Sets the local, then the remote description. False when the browser does not take one of them.
    js::Async<bool> apply(js::val offer, std::string answer) const;

    /// Tells `report` how the link is, at each change, until close(). Call after apply().
    void watch(const std::function<void(Link)>& report);
    /// Tells `report` of the received stream as soon as its first picture is on the way, until close().
    void watchMedia(const std::function<void(js::val)>& report);

private:
    js::val connection_ = js::val::undefined();
    js::Scope open_;  ///< ends with the connection: no listener outlives it
};

}  // namespace browser
