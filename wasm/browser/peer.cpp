#include "browser/peer.hpp"

#include <utility>

namespace browser {

using js::val;

namespace {

bool exists(const val& value) { return !value.isUndefined() && !value.isNull(); }

bool is(const val& transceiver, const char* kind) {
    return transceiver["receiver"]["track"]["kind"].as<std::string>() == kind;
}

// Sound goes before pictures. A thin uplink shall cost pictures per second, not sharpness: a change of size in the
// middle of a stream is a new recording run. Browsers that know only some of the wishes take those; some take them only
// once negotiated.
void tune(const val& connection, const quality::Limits& limits) {
    for (const val& transceiver : connection.call<val>("getTransceivers")) {
        const bool audio = is(transceiver, "audio");  // its sender may have no track yet
        const val sender = transceiver["sender"];
        js::Result parameters = js::invoke(sender, "getParameters");
        if (!parameters) continue;
        const val encodings = parameters.value["encodings"];
        if (exists(encodings) && exists(encodings[0])) {
            val encoding = encodings[0];
            encoding.set("maxBitrate", (audio ? limits.audioKbps : limits.videoKbps) * 1000);
            encoding.set("priority", audio ? "high" : "low");
            encoding.set("networkPriority", audio ? "high" : "low");
            if (!audio) encoding.set("maxFramerate", limits.framesPerSecond);
            if (!audio) encoding.set("scaleResolutionDownBy", limits.scale);
        }
        if (!audio) parameters.value.set("degradationPreference", "maintain-resolution");
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
bool isModern(const val& connection) { return exists(connection["connectionState"]); }
std::string stateOf(const val& connection) {
    return connection[isModern(connection) ? "connectionState" : "iceConnectionState"].as<std::string>();
}
bool isUp(const std::string& state) { return state == "connected" || state == "completed"; }

js::Task watchLink(val connection, val signal, std::function<void(Link)> report) {
    const char* const event = isModern(connection) ? "connectionstatechange" : "iceconnectionstatechange";
    do {
        const std::string state = stateOf(connection);
        if (isUp(state)) report(Link::Up);
        if (state == "disconnected") report(Link::Silent);
        if (state == "failed") report(Link::Lost);
    } while (co_await js::next(connection, event, signal));
}

// A server that ends a session orderly closes DTLS: seen here at once, by connectionState only seven seconds later.
js::Task watchTransport(val transport, val signal, std::function<void(Link)> report) {
    do {
        const auto state = transport["state"].as<std::string>();
        if (state != "closed" && state != "failed") continue;
        report(Link::Ended);
        co_return;
    } while (co_await js::next(transport, "statechange", signal));
}

// Verbatim: rebuilt ones have made connections without DTLS.
js::Task watchCandidates(const val connection, const val signal, std::function<void(std::string, std::string)> report) {
    while (const js::Result event = co_await js::next(connection, "icecandidate", signal)) {
        const val candidate = event.value["candidate"];
        if (!exists(candidate)) {
            report({}, {});
            continue;
        }
        const val ufrag = candidate["usernameFragment"];
        report(ufrag.isString() ? ufrag.as<std::string>() : std::string{}, candidate["candidate"].as<std::string>());
    }
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

val iceServers(const std::vector<whip::IceServer>& servers) {
    val list = js::list();
    for (const whip::IceServer& server : servers) {
        val entry = val::object();
        entry.set("urls", server.url);
        if (!server.username.empty()) entry.set("username", server.username);
        if (!server.credential.empty()) entry.set("credential", server.credential);
        list.call<void>("push", entry);
    }
    return list;
}

}  // namespace

bool Peer::open(const std::vector<whip::IceServer>& servers, Observer observer) {
    close();
    observer_ = std::move(observer);
    val configuration = val::object();
    configuration.set("bundlePolicy", "max-bundle");
    configuration.set("iceServers", iceServers(servers));
    js::Result made = js::construct("RTCPeerConnection", configuration);
    if (!made && !servers.empty()) {
        // A server the browser does not take is not worth a failed stream: most get through without.
        configuration.set("iceServers", js::list());
        made = js::construct("RTCPeerConnection", configuration);
    }
    if (!made) return false;
    connection_ = made.value;
    (void)watchLink(connection_, open_.signal(), observer_.link);
    (void)watchCandidates(connection_, open_.signal(), observer_.candidate);
    return true;
}

void Peer::close() {
    open_ = js::Scope{};
    observer_ = {};
    const val connection = std::exchange(connection_, val::undefined());
    if (exists(connection)) connection.call<void>("close");
}

// RFC 9725 section 4.4.2: both tracks of one MediaStream, named in the offer before there is a track.
void Peer::send() {
    const js::Result stream = js::construct("MediaStream", js::list());
    for (const char* kind : {"audio", "video"}) {
        val init = transceiverInit("sendonly");
        if (stream) init.set("streams", js::list(stream.value));
        (void)js::invoke(connection_, "addTransceiver", std::string{kind}, init);
    }
    tune(connection_, limits_);
}

void Peer::limit(const quality::Limits& limits) {
    limits_ = limits;
    if (exists(connection_)) tune(connection_, limits_);
}

bool Peer::isUp() const { return exists(connection_) && browser::isUp(stateOf(connection_)); }

js::Settle Peer::statistics() const { return js::callUntil(open_.signal(), connection_, "getStats"); }

void Peer::attach(const val& stream) {
    if (!exists(connection_)) return;
    for (const val& transceiver : connection_.call<val>("getTransceivers")) {
        const bool audio = is(transceiver, "audio");
        val track = stream.call<val>(audio ? "getAudioTracks" : "getVideoTracks")[0];
        if (!exists(track)) continue;
        (void)js::call(transceiver["sender"], "replaceTrack", track);
    }
}

void Peer::receive() {
    for (const char* kind : {"audio", "video"}) {
        (void)js::invoke(connection_, "addTransceiver", std::string{kind}, transceiverInit("recvonly"));
    }
}

js::Settle Peer::createOffer(bool iceRestart) {
    val options = val::object();
    if (iceRestart) options.set("iceRestart", true);
    return js::callUntil(open_.signal(), connection_, "createOffer", options);
}

js::Async<std::string> Peer::answer(std::string offer) const {
    const val connection = connection_, signal = open_.signal();  // `this` may hold another one when these are done
    const Observer observer = observer_;
    const val remote = describe("offer", offer);
    if (!co_await js::callUntil(signal, connection, "setRemoteDescription", remote)) co_return std::string{};
    const js::Result made = co_await js::callUntil(signal, connection, "createAnswer");
    if (!made) co_return std::string{};
    const val local = made.value;
    if (!co_await js::callUntil(signal, connection, "setLocalDescription", local)) co_return std::string{};
    watchMedia(connection, signal, observer.media);
    co_return local["sdp"].as<std::string>();
}

js::Async<bool> Peer::setLocal(val description) const {
    const val connection = connection_, signal = open_.signal();
    const js::Result set = co_await js::callUntil(signal, connection, "setLocalDescription", description);
    co_return set.ok;
}

void Peer::rollBack() {
    (void)js::callUntil(open_.signal(), connection_, "setLocalDescription", describe("rollback", ""));
}

void Peer::setIceServers(const std::vector<whip::IceServer>& servers) {
    js::Result configuration = js::invoke(connection_, "getConfiguration");
    if (!configuration) return;
    configuration.value.set("iceServers", iceServers(servers));
    (void)js::invoke(connection_, "setConfiguration", configuration.value);
}

js::Async<bool> Peer::setRemote(std::string answer) const {
    const val connection = connection_, signal = open_.signal();
    const Observer observer = observer_;
    const quality::Limits limits = limits_;
    const bool first = !exists(connection["remoteDescription"]);
    const val remote = describe("answer", answer);
    if (!co_await js::callUntil(signal, connection, "setRemoteDescription", remote)) co_return false;
    if (!first) co_return true;
    tune(connection, limits);
    const val transport = connection.call<val>("getSenders")[0]["transport"];
    if (exists(transport)) (void)watchTransport(transport, signal, observer.link);
    watchMedia(connection, signal, observer.media);
    co_return true;
}

}  // namespace browser
