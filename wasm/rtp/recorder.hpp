/// Turns the frames of one publisher into runs of Matroska. A run has one set of tracks and one picture size, because a
/// recording cannot change either half-way.
#pragma once

#include <deque>
#include <optional>

#include "rtp/matroska.hpp"

namespace rtp {

/// What the recorder is handed, in order: Start (Data ...) End, Start (Data ...) End, ...
struct Item {
    enum Type { Start, Data, End } type = Data;
    std::optional<Codec> video{};  ///< of Start: which tracks there are
    bool audio = false;
    Size size{};
    bool key = false;     ///< of Data: begins with a cluster at a key frame, so one may tune in here
    std::int64_t ms = 0;  ///< of Data: time of its first frame, from the start of the run
    Bytes bytes{};
};

class Recorder {
public:
    /// Which kinds the publisher has announced, and the video's codec.
    Recorder(std::optional<Codec> video, bool audio) : video_{video}, expectAudio_{audio} {}

    /// A packet of `kind` came, whether or not a frame comes of it: worth waiting for.
    void hear(Kind kind, double now);

    /// A frame at `ms` of the receiver's clock.
    void frame(Kind kind, AccessUnit unit, double ms, double now);

    /// Time passes. A run begins at its first key picture, with both kinds if both were announced. It waits 2 s for a
    /// kind of which nothing comes, 5 s for one that comes without a key picture, then begins without.
    void tick(double now);

    /// Writes what was waiting and ends the run.
    void finish();

    /// The items since the last call.
    [[nodiscard]] std::vector<Item> take();

    /// Whether video frames are dropped until a key picture comes.
    [[nodiscard]] bool wantsKey() const { return skipping_; }

    /// Whether a video frame of the coming or present run was taken; its time must not leap from now on.
    [[nodiscard]] bool hasVideo() const { return hasVideo_; }

private:
    struct Frame {
        Kind kind;
        AccessUnit unit;
        double ms;
    };

    static bool isVideo(const Frame& frame);
    void video(Frame frame, double now);
    void audio(Frame frame);
    void hold(Frame frame);
    [[nodiscard]] bool isAudioDue() const;
    [[nodiscard]] double patience(Kind missing, double now) const;
    void advanceFirstPicture();
    void start();
    void put(const Frame& frame);
    void stop();

    std::optional<Codec> video_;
    bool expectAudio_;
    std::optional<double> heard_[2];

    double reached_ = 0;  ///< ms up to which there is a recording, of sound where there is any

    // The coming run.
    std::deque<Frame> held_;
    std::size_t heldBytes_ = 0;
    std::optional<double> since_;  ///< when its first frame came
    bool hasVideo_ = false;
    bool hasAudio_ = false;
    double firstVideo_ = 0;  ///< ms of the picture it will begin with
    double lastAudio_ = 0;   ///< ms of the newest sound held
    Size heldSize_{};

    // The present run.
    bool running_ = false;
    bool skipping_ = false;
    bool audioCame_ = false;  ///< sound came after the run began without
    double startedAt_ = 0;
    double zero_ = 0;
    Size size_{};
    MatroskaWriter writer_;
    std::optional<std::int64_t> last_[2];

    std::vector<Item> items_;
    std::size_t itemBytes_ = 0;
};

}  // namespace rtp
