/// One WHIP publisher's media: what came in, as RTP to forward, as Matroska to record, and the RTCP to answer with.
///
/// It opens no socket and reads no clock. Times are milliseconds of any clock, the same for all calls; one that runs
/// backwards or is no number counts as standing still. Datagrams come from the network and may hold anything.
#pragma once

#include <array>

#include "rtp/flood.hpp"
#include "rtp/recorder.hpp"
#include "rtp/track.hpp"

namespace rtp {

class Ingest {
public:
    /// At most one source of each kind; further ones are ignored.
    explicit Ingest(const std::vector<Source>& sources);

    enum Verdict {
        Drop = 0,     ///< not ours, not whole, or here already
        Forward = 1,  ///< RTP to forward to viewers
        Report = 2,   ///< RTCP with a sender report to forward
        Bye = 3,      ///< RTCP: the source leaves
    };
    Verdict packet(Kind kind, View datagram, double now);

    struct Feedback {
        Kind kind;
        Bytes bytes;
    };
    /// RTCP to send now. Call every 50 ms.
    [[nodiscard]] std::vector<Feedback> feedback(double now);

    /// Asks for a key frame with the next feedback(), or as soon as the last request is half a second old.
    void requestKeyframe() { keyframeWanted_ = true; }

    /// What the recorder gets, in order. Call every 20 to 50 ms.
    [[nodiscard]] std::vector<Item> media(double now);

    /// The rest of it; whatever comes afterwards is dropped.
    [[nodiscard]] std::vector<Item> end(double now);

    struct Stats {
        std::optional<Track::Stats> video, audio;
        double silentMs = 0;  ///< how long no packet has come, by the last time that was given
    };
    [[nodiscard]] Stats stats() const;

private:
    Track* track(Kind kind);
    Verdict control(Kind kind, View datagram);
    void advance(double now);
    void record(std::optional<double> now);
    bool shouldAskKey();
    /// Whether what is asked for again now makes things worse.
    [[nodiscard]] bool isThin() const { return flood_.isHigh(now_) || flood_.isLate(); }

    std::optional<Track> video_;
    std::optional<Track> audio_;
    Recorder recorder_;
    LipSync lipSync_;
    Flood flood_;
    double now_ = 0;
    bool clockSet_ = false;
    bool ended_ = false;
    double heardAt_ = 0;
    bool keyframeWanted_ = false;
    std::optional<double> keyframeAskedAt_;
};

}  // namespace rtp
