#include "browser/publisher.hpp"

#include <utility>
#include <vector>

#include "browser/publishing.hpp"

namespace browser {

using js::val;

namespace {

bool exists(const val& value) { return !value.isUndefined() && !value.isNull(); }

std::string text(const val& object, const char* key) {
    const val value = object[key];
    return value.isString() ? value.as<std::string>() : std::string{};
}

// {urls: 'stun:…'} or {urls: ['turn:…', 'turns:…'], username, credential}
void readServer(const val& entry, std::vector<whip::IceServer>& servers) {
    const val urls = entry["urls"];
    const auto add = [&](std::string url) {
        servers.push_back({std::move(url), text(entry, "username"), text(entry, "credential")});
    };
    if (urls.isString()) return add(urls.as<std::string>());
    if (!urls.isArray()) return;
    for (const val& url : urls) {
        if (url.isString()) add(url.as<std::string>());
    }
}

}  // namespace

Publisher::Publisher(js::val onChange) : publishing_(std::make_shared<Publishing>(std::move(onChange))) {
    publishing_->begin();
}
Publisher::~Publisher() { publishing_->leaveSilently(); }

void Publisher::preview() { publishing_->deliver(whip::Preview{}); }
void Publisher::arm(const val& target) {
    whip::Arm arm{text(target, "endpoint"), text(target, "token"), {}};
    const val servers = target["iceServers"];
    if (servers.isArray()) {
        for (const val& server : servers) {
            if (exists(server)) readServer(server, arm.servers);
        }
    }
    publishing_->deliver(std::move(arm));
}
void Publisher::choose(const val& choice) {
    publishing_->choose({.speech = choice["speech"].isTrue(), .size = quality::readSize(text(choice, "size"))});
}
void Publisher::listen(val onSound) { publishing_->listen(std::move(onSound)); }
void Publisher::watch(val onReport) { publishing_->watch(std::move(onReport)); }
std::string Publisher::log() const { return publishing_->log(); }
void Publisher::start(std::string endpoint) { publishing_->deliver(whip::Start{std::move(endpoint)}); }
void Publisher::stop() { publishing_->deliver(whip::Stop{}); }
void Publisher::leave() { publishing_->deliver(whip::Leave{}); }

void Publisher::useCamera(std::string id) {
    publishing_->capturing().deliver(capture::Choose{capture::Kind::Camera, std::move(id)});
}
void Publisher::useMicrophone(std::string id) {
    publishing_->capturing().deliver(capture::Choose{capture::Kind::Microphone, std::move(id)});
}
void Publisher::flip() { publishing_->capturing().deliver(capture::Flip{}); }
void Publisher::shareScreen(bool on) { publishing_->capturing().deliver(capture::Share{on}); }
void Publisher::mute(bool on) { publishing_->capturing().deliver(capture::Mute{on}); }
void Publisher::cameraOff(bool on) { publishing_->capturing().deliver(capture::CameraOff{on}); }
void Publisher::setSlate(std::string sentence) { publishing_->capturing().setSlate(std::move(sentence)); }

}  // namespace browser
