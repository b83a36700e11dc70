/// Whatever datagrams come, in whatever order: nothing crashes, memory stays bounded, and what is recorded is runs of
/// Start, Data ..., End.
///
/// The input is a list of calls: a byte that says which, a byte of milliseconds that pass, and for a packet its length
/// in two bytes and itself.
#include <algorithm>
#include <cstdlib>

#include "rtp/ingest.hpp"

namespace {

constexpr std::size_t kMaxPending = 40 << 20;

void require(bool condition) {
    if (!condition) std::abort();
}

class Listener {
public:
    void hear(const std::vector<rtp::Item>& items) {
        std::size_t bytes = 0;
        for (const rtp::Item& item : items) {
            bytes += item.bytes.size();
            switch (item.type) {
                case rtp::Item::Start:
                    require(!running_ && (item.video || item.audio) && !item.bytes.empty());
                    if (item.video) require(item.size.width > 0 && item.size.height > 0);
                    running_ = true;
                    written_ = false;
                    break;
                case rtp::Item::Data:
                    require(running_ && item.ms >= 0 && !item.bytes.empty());
                    written_ = true;
                    break;
                case rtp::Item::End:
                    require(running_ && written_);
                    running_ = false;
                    break;
            }
        }
        require(bytes < kMaxPending);
    }
    [[nodiscard]] bool isRunning() const { return running_; }

private:
    bool running_ = false;
    bool written_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    rtp::View input{data, size};
    if (input.empty()) return 0;
    const auto codec = input[0] & 1 ? rtp::Codec::H264 : rtp::Codec::Vp8;
    input = input.subspan(1);
    rtp::Ingest ingest{{{.kind = rtp::Kind::Video, .codec = codec, .payloadType = 96, .clockRate = 90000},
                        {.kind = rtp::Kind::Audio, .codec = rtp::Codec::Opus, .payloadType = 111, .clockRate = 48000}}};
    Listener listener;
    double now = 0;
    while (input.size() >= 4) {
        const std::uint8_t call = input[0];
        // A byte reaches four seconds, so that every patience can run out.
        now += input[1] < 128 ? input[1] : (input[1] - 127) * 32;
        const std::size_t length = rtp::readU16(input, 2);
        input = input.subspan(4);
        const rtp::View datagram = input.first(std::min(length, input.size()));
        switch (call % 8) {
            case 0:
                listener.hear(ingest.media(now));
                break;
            case 1:
                for (const auto& feedback : ingest.feedback(now)) require(feedback.bytes.size() % 4 == 0);
                break;
            case 2:
                ingest.requestKeyframe();
                break;
            case 3:
                (void)rtp::forwardRtp(datagram, call, 1);
                (void)rtp::forwardSr(datagram, 1);
                break;
            default:
                ingest.packet(call % 8 < 6 ? rtp::Kind::Video : rtp::Kind::Audio, datagram, now);
                input = input.subspan(datagram.size());
        }
    }
    listener.hear(ingest.end(now));
    require(!listener.isRunning());
    return 0;
}
