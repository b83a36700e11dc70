/// One RTCPeerConnection, sending or receiving: one function per thing a session asks of it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "browser/js_async.hpp"
#include "quality/choice.hpp"
#include "whip/outcome.hpp"

namespace browser {

/// How the connection to the far end is. Ended: the far end has closed it.
enum class Link { Up, Silent, Lost, Ended };

/// Who wants to know what becomes of a connection, until it is closed.
struct Observer {
    std::function<void(Link)> link;                           ///< at each change
    std::function<void(std::string, std::string)> candidate;  ///< credentials and line; no line: there are no more
    std::function<void(js::val)> media;  ///< the MediaStream received, once its first picture is on the way
};

class Peer {
public:
    Peer() = default;
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    ~Peer() { close(); }

    /// A new connection without any media, in place of the one before. False when the browser has none to give.
    [[nodiscard]] bool open(const std::vector<whip::IceServer>& servers, Observer observer);
    /// Closes the connection and forgets it.
    void close();

    /// Will send one audio and one video track (RFC 9725 section 4.4.2), which attach() brings.
    void send();
    /// Sends the first audio and the first video track of `stream`, in place of those before.
    void attach(const js::val& stream);
    /// How much of them it may send, now and in later connections.
    void limit(const quality::Limits& limits);
    /// Whether the browser believes the connection to be up.
    [[nodiscard]] bool isUp() const;
    /// Comes to an RTCStatsReport.
    js::Settle statistics() const;
    /// Receives one audio and one video track.
    void receive();

    /// Comes to an RTCSessionDescription. `iceRestart`: with new ICE credentials.
    js::Settle createOffer(bool iceRestart = false);
    /// Answers `offer`; comes to the answer, "" when the browser cannot.
    js::Async<std::string> answer(std::string offer) const;
    /// From here on candidates are gathered. False when the browser does not take it, or the connection was closed.
    js::Async<bool> setLocal(js::val description) const;
    /// Takes back an offer that was set and not answered.
    void rollBack();
    /// For gathering that has not begun.
    void setIceServers(const std::vector<whip::IceServer>& servers);
    /// False when the browser does not take `answer`, or the connection was closed meanwhile.
    js::Async<bool> setRemote(std::string answer) const;

private:
    js::val connection_ = js::val::undefined();
    js::Scope open_;  ///< ends with the connection: no listener outlives it
    Observer observer_;
    quality::Limits limits_;
};

}  // namespace browser
