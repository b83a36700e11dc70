#include "browser/peer.hpp"

#include <utility>

namespace browser {

using js::val;

namespace {

constexpr int kVideoBitrate = 2'500'000;  // bit/s: 1280x720 at 30 pictures a second in H.264 without visible blocks

bool exists(const val& value) { return !value.isUndefined() && !value.isNull(); }

// A thin uplink shall cost pictures per second, not sharpness: a change of size in the middle of a stream is a new
// recording run. Browsers that know only one of the two wishes take that one; some take them only once negotiated.
void tune(const val& connection) {
    for (const val& sender : connection.call<val>("getSenders")) {
        if (!exists(sender["track"]) || sender["track"]["kind"].as<std::string>() != "video") continue;
        js::Result parameters = js::invoke(sender, "getParameters");
        if (!parameters) continue;
        parameters.value.set("degradationPreference", "maintain-resolution");
        const val encodings = parameters.value["encodings"];
        if (exists(encodings) && exists(encodings[0])) val{encodings[0]}.set("maxBitrate", kVideoBitrate);
        (void)js::call(sender, "setParameters", parameters.value);
    }
}

val transceiverInit(const char* direction) {
    val init = val::object();
    init.set("direction", direction);
    return init;
}

val describe(const char* type, const std::string& sdp) {
    val description = val::object();
    description.set("type", type);
    description.set("sdp", sdp);
    return description;
}

// connectionState is missing in Firefox before 113; iceConnectionState says nearly the same.
js::Task watchLink(val connection, val signal, std::function<void(Link)> report) {
    const bool modern = exists(connection["connectionState"]);
    const char* const property = modern ? "connectionState" : "iceConnectionState";
    const char* const event = modern ? "connectionstatechange" : "iceconnectionstatechange";
    do {
        const auto state = connection[property].as<std::string>();
        if (state == "connected" || state == "completed") report(Link::Up);
        if (state == "disconnected") report(Link::Silent);
        if (state == "failed") report(Link::Lost);
    } while (co_await js::next(connection, event, signal));
}

// A server that ends a session orderly closes DTLS: seen here at once, by connectionState only seven seconds later.
js::Task watchTransport(val transport, val signal, std::function<void(Link)> report) {
    do {
        const auto state = transport["state"].as<std::string>();
        if (state != "closed" && state != "failed") continue;
        report(Link::Lost);
        co_return;
    } while (co_await js::next(transport, "statechange", signal));
}

// A received track is muted until its first packet.
js::Task watchPicture(val picture, val stream, val signal, std::function<void(val)> report) {
    while (picture["muted"].isTrue()) {
        if (!co_await js::next(picture, "unmute", signal)) co_return;
    }
    report(stream);
}

void watchMedia(const val& connection, const val& signal, const std::function<void(val)>& report) {
    val tracks = js::list();
    for (const val& transceiver : connection.call<val>("getTransceivers")) {
        const val direction = transceiver["currentDirection"];  // null when the far end gives nothing
        if (!direction.isString() || direction.as<std::string>() != "recvonly") continue;
        tracks.call<void>("push", transceiver["receiver"]["track"]);
    }
    const js::Result stream = js::construct("MediaStream", tracks);
    if (!stream) return;
    const val picture = stream.value.call<val>("getVideoTracks")[0];
    if (exists(picture)) (void)watchPicture(picture, stream.value, signal, report);
}

}  // namespace

bool Peer::open() {
    close();
    val configuration = val::object();
    configuration.set("bundlePolicy", "max-bundle");
    const js::Result made = js::construct("RTCPeerConnection", configuration);
    if (made) connection_ = made.value;
    return made.ok;
}

void Peer::close() {
    open_ = js::Scope{};
    const val connection = std::exchange(connection_, val::undefined());
    if (exists(connection)) connection.call<void>("close");
}

void Peer::send(const val& stream) {
    for (const char* tracks : {"getAudioTracks", "getVideoTracks"}) {
        val track = stream.call<val>(tracks)[0];
        if (!exists(track)) continue;
        if (track["kind"].as<std::string>() == "audio") track.set("contentHint", "music");
        val init = transceiverInit("sendonly");
        init.set("streams", js::list(stream));
        (void)js::invoke(connection_, "addTransceiver", track, init);
    }
    tune(connection_);
}

void Peer::receive() {
    for (const char* kind : {"audio", "video"}) {
        (void)js::invoke(connection_, "addTransceiver", std::string{kind}, transceiverInit("recvonly"));
    }
}

js::Settle Peer::createOffer() { return js::callUntil(open_.signal(), connection_, "createOffer"); }

void Peer::setIceServers(const std::vector<whip::IceServer>& servers) {
    val list = js::list();
    for (const whip::IceServer& server : servers) {
        val entry = val::object();
        entry.set("urls", server.url);
        if (!server.username.empty()) entry.set("username", server.username);
        if (!server.credential.empty()) entry.set("credential", server.credential);
        list.call<void>("push", entry);
    }
    js::Result configuration = js::invoke(connection_, "getConfiguration");
    if (!configuration) return;
    configuration.value.set("iceServers", list);
    // A server the browser does not take is not worth a failed stream: most get through without.
    (void)js::invoke(connection_, "setConfiguration", configuration.value);
}

js::Async<bool> Peer::connect(val offer, std::string answer, Observer observer) const {
    const val connection = connection_, signal = open_.signal();  // `this` may hold another one when these are done
    if (!co_await js::callUntil(signal, connection, "setLocalDescription", offer)) co_return false;
    const val remote = describe("answer", answer);
    if (!co_await js::callUntil(signal, connection, "setRemoteDescription", remote)) co_return false;
    tune(connection);
    (void)watchLink(connection, signal, observer.link);
    const val transport = connection.call<val>("getSenders")[0]["transport"];
    if (exists(transport)) (void)watchTransport(transport, signal, observer.link);
    watchMedia(connection, signal, observer.media);
    co_return true;
}

}  // namespace browser
