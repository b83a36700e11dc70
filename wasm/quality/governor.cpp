#include "quality/governor.hpp"

#include <algorithm>
#include <cmath>

namespace quality {
namespace {

constexpr double kLossPercent = 10;
constexpr int kQueueMs = 200;
constexpr int kLate = 10;  // seconds: a round trip that stays long though less is sent is the way's
constexpr double kOfWhatArrives = 0.9;
constexpr int kFirstStep = 8, kLargestStep = 50;  // per cent
constexpr int kLeast = 60;                        // kbit/s: below, not even speech is intelligible
constexpr int kDrain = 3;                         // seconds until a queue of the time before has emptied
constexpr int kAgain = 4;                         // seconds between attempts that go well
constexpr int kProof = 2;                         // seconds
constexpr int kUnproven = 64;  // kbit/s: so that it gets through nearly everywhere from the first second
constexpr int kPatience = 8, kMostPatience = 60;
// 50 packets a second with some 54 bytes of IP, UDP, RTP and SRTP around each.
constexpr int kAroundAudio = 22;
constexpr int kLeastVideo = 12;

/// What a way of at least `room` kbit/s carries.
struct Rung {
    int room, audioKbps, framesPerSecond, height;
};
constexpr Rung kRungs[] = {
    {1000, 128, 30, 1080}, {500, 128, 20, 1080}, {320, 96, 12, 1080},
    {180, 64, 8, 360},     {110, 48, 5, 180},    {0, 32, 2, 180},
};

int whole(Size size) { return picture(size).kbps + unlimited(size).audioKbps + kAroundAudio; }

}  // namespace

void observe(Governor& governor, const Figures& figures, Size size) {
    if (figures.roundTripMs > 0) {
        governor.quickest =
            governor.quickest > 0 ? std::min(governor.quickest, figures.roundTripMs) : figures.roundTripMs;
    }
    const int sent = figures.audioKbps + figures.videoKbps;
    if (sent == 0) return;  // nothing is known of a way that nothing goes
    ++governor.calm;
    const bool lossy = figures.lossPercent >= kLossPercent;
    bool queued = governor.quickest > 0 && figures.roundTripMs > governor.quickest + kQueueMs;
    governor.late = queued && !lossy ? governor.late + 1 : 0;
    if (governor.late > kLate) {
        governor.quickest = figures.roundTripMs;
        governor.late = 0;
        queued = false;
    }
    if (lossy || queued) {
        const bool draining = governor.room > 0 && governor.step == 0 && governor.calm < kDrain;
        if (draining) return;
        const int most = governor.room > 0 ? std::min(governor.room, sent) : sent;
        int fits = static_cast<int>(most * (1 - figures.lossPercent / 100) * kOfWhatArrives);
        if (figures.availableKbps > 0) fits = std::min(fits, figures.availableKbps);
        const int patience = governor.step > 0 ? governor.patience * 2 : kPatience;
        governor.patience = std::clamp(patience, kPatience, kMostPatience);
        governor.room = governor.edge = std::max(kLeast, fits);
        governor.step = 0;
        governor.calm = 0;
        return;
    }
    if (governor.room == 0 && governor.calm >= kProof) governor.proven = true;
    if (governor.room == 0 || governor.calm < (governor.step > 0 ? kAgain : governor.patience)) return;
    governor.step = governor.step > 0 ? std::min(governor.step * 2, kLargestStep) : kFirstStep;
    const auto more = [&] { return governor.room + std::max(1, governor.room * governor.step / 100); };
    if (governor.room <= governor.edge && more() > governor.edge) governor.step = kFirstStep;
    governor.room = more();
    governor.calm = 0;
    if (governor.room >= whole(size)) governor = {.quickest = governor.quickest, .proven = true};
}

Limits limits(const Governor& governor, Size size) {
    Limits limits = unlimited(size);
    if (governor.room == 0 && !governor.proven) limits.audioKbps = kUnproven;
    if (governor.room == 0) return limits;
    const Rung* rung = std::begin(kRungs);
    while (governor.room < rung->room) ++rung;
    limits.audioKbps = rung->audioKbps;
    limits.videoKbps = std::clamp(governor.room - rung->audioKbps - kAroundAudio, kLeastVideo, limits.videoKbps);
    limits.framesPerSecond = rung->framesPerSecond;
    const double edges = static_cast<double>(picture(size).height) / rung->height;
    limits.scale = std::max(1, static_cast<int>(std::lround(edges)));
    return limits;
}

}  // namespace quality
