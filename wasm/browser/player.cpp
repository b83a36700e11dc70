#include "browser/player.hpp"

#include <utility>
#include <vector>

#include "browser/viewing.hpp"
#include "core/variant.hpp"
#include "streams/playback.hpp"

namespace browser {

using js::val;

namespace {

const char* name(playback::Mode mode) {
    static constexpr const char* kNames[] = {"waiting",     "connecting", "whep",      "hls",
                                             "interrupted", "preparing",  "recording", "none"};
    return kNames[static_cast<std::size_t>(mode)];
}

std::string text(const val& object, const char* key) {
    const val value = object[key];
    return value.isString() ? value.as<std::string>() : std::string{};
}

// The recording that the other provider made of the same service.
std::string backup(const val& view) {
    const val sources = view["recordingSources"];
    const std::string preferred = text(view, "preferredRecordingSource");
    if (preferred.empty() || sources.isUndefined() || sources.isNull()) return {};
    const val other = sources[preferred == "mux" ? "cloudflare" : "mux"];
    if (other.isUndefined() || other.isNull() || !other["available"].isTrue()) return {};
    return text(other, "playbackUrl");
}

}  // namespace

class Showing : public std::enable_shared_from_this<Showing> {
public:
    explicit Showing(val onChange) : onChange_(std::move(onChange)) {}

    void begin() {
        viewing_ = std::make_shared<Viewing>([weak = weak_from_this()](whip::ViewerPhase phase) {
            if (const auto self = weak.lock()) self->whepChanged(phase);
        });
        viewing_->begin();
    }

    void end() {
        onChange_ = val::undefined();
        timer_.end();
        viewing_->stopSilently();
    }

    void deliver(playback::Event event) {
        waiting_.push_back(std::move(event));
        if (running_) return;
        const auto self = shared_from_this();  // the page may delete its Player when told of a change
        running_ = true;
        while (!waiting_.empty()) {
            const playback::Event next = std::move(waiting_.front());
            waiting_.erase(waiting_.begin());
            for (const playback::Effect& effect : playback::step(state_, next)) run(effect);
            notifyIfChanged();
        }
        running_ = false;
    }

private:
    void run(const playback::Effect& effect) {
        std::visit(core::Match{
                       [this](const playback::PlayWhep& e) { viewing_->deliver(whip::Start{e.url}); },
                       [this](const playback::StopWhep&) { viewing_->deliver(whip::Stop{}); },
                       [this](const playback::Wait& e) {
                           timer_ = js::Scope{};
                           (void)wait(shared_from_this(), e.pause);
                       },
                   },
                   effect);
    }

    static js::Task wait(std::shared_ptr<Showing> self, std::chrono::seconds pause) {
        if (co_await js::sleep(pause, self->timer_.signal())) self->deliver(playback::Waited{});
    }

    void whepChanged(whip::ViewerPhase phase) {
        if (phase == whip::ViewerPhase::Playing) deliver(playback::WhepUp{});
        if (phase == whip::ViewerPhase::Waiting) deliver(playback::WhepDown{});
        if (phase == whip::ViewerPhase::Failed) deliver(playback::WhepRefused{});
    }

    void notifyIfChanged() {
        const bool whep = state_.mode == playback::Mode::Whep;
        const val stream = whep ? viewing_->stream() : val::null();
        const bool changed = state_.mode != told_.mode || url(state_) != url(told_) || !stream.strictlyEquals(stream_);
        if (onChange_.isUndefined() || !changed) return;
        told_ = state_;
        stream_ = stream;
        val state = val::object();
        state.set("mode", name(state_.mode));
        state.set("url", std::string{url(state_)});
        state.set("stream", stream);
        js::notify(onChange_, state);
    }

    playback::State state_;
    playback::State told_;  ///< as of the last call of onChange_
    val stream_ = val::null();
    val onChange_;
    std::shared_ptr<Viewing> viewing_;
    js::Scope timer_;
    std::vector<playback::Event> waiting_;
    bool running_ = false;
};

Player::Player(val onChange) : showing_(std::make_shared<Showing>(std::move(onChange))) { showing_->begin(); }
Player::~Player() { showing_->end(); }

void Player::show(const val& view) {
    showing_->deliver(playback::View{
        .phase = playback::readPhase(text(view, "phase")),
        .whepUrl = text(view, "whepUrl"),
        .hlsUrl = text(view, "hlsUrl"),
        .recordingUrl = text(view, "recordingUrl"),
        .backupUrl = backup(view),
    });
}

void Player::report(const std::string& what) {
    if (what == "playing") showing_->deliver(playback::Playing{});
    if (what == "stalled") showing_->deliver(playback::Stalled{});
    if (what == "failed") showing_->deliver(playback::Failed{});
}

}  // namespace browser
