#include "rtp/sps.hpp"

#include <algorithm>

namespace rtp {
namespace {

// Reads the bits of a NAL unit without its emulation prevention bytes (7.3.1). Past the end it reads zeros and fails.
class Bits {
public:
    explicit Bits(View nal) {
        int zeros = 0;
        for (const std::uint8_t byte : nal) {
            if (zeros >= 2 && byte == 3) {
                zeros = 0;
                continue;
            }
            bytes_.push_back(byte);
            zeros = byte == 0 ? zeros + 1 : 0;
        }
    }

    std::uint32_t bit() {
        if (at_ / 8 >= bytes_.size()) {
            failed_ = true;
            return 0;
        }
        const std::uint32_t value = bytes_[at_ / 8] >> (7 - at_ % 8) & 1u;
        ++at_;
        return value;
    }

    std::uint32_t bits(int count) {
        std::uint32_t value = 0;
        while (count-- > 0) value = value << 1 | bit();
        return value;
    }

    // ue(v), 9.1. No field of an SPS that we read needs more than 31 bits.
    std::uint32_t unsignedGolomb() {
        int zeros = 0;
        while (zeros < 31 && bit() == 0) {
            if (failed_) return 0;
            ++zeros;
        }
        if (zeros == 31) {
            failed_ = true;
            return 0;
        }
        return (1u << zeros) - 1 + bits(zeros);
    }

    // se(v), 9.1.1
    std::int32_t signedGolomb() {
        const std::uint32_t code = unsignedGolomb();
        const auto half = static_cast<std::int32_t>((code + 1) / 2);
        return code % 2 ? half : -half;
    }

    [[nodiscard]] bool failed() const { return failed_; }

private:
    Bytes bytes_;
    std::size_t at_ = 0;
    bool failed_ = false;
};

constexpr std::uint32_t kMaxMacroblocks = 1024;  // a side; 16384 pixels

bool hasChromaFormat(std::uint8_t profile) {
    constexpr std::uint8_t kProfiles[] = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135};
    return std::find(std::begin(kProfiles), std::end(kProfiles), profile) != std::end(kProfiles);
}

// 7.3.2.1.1.1
void skipScalingList(Bits& in, int size) {
    int last = 8;
    int next = 8;
    for (int i = 0; i < size && !in.failed(); ++i) {
        if (next != 0) next = (last + in.signedGolomb() % 256 + 256) % 256;
        if (next != 0) last = next;
    }
}

}  // namespace

std::optional<Sps> parseSps(View nal) {
    if (nal.size() < 5 || nal.size() > 0xffff || (nal[0] & 0x1f) != 7) return {};
    Sps sps{.profile = nal[1], .compatibility = nal[2], .level = nal[3]};
    Bits in{nal.subspan(4)};

    if (in.unsignedGolomb() > 31) return {};  // seq_parameter_set_id
    bool separatePlanes = false;
    if (hasChromaFormat(sps.profile)) {
        const std::uint32_t chromaFormat = in.unsignedGolomb();
        if (chromaFormat > 3) return {};
        if (chromaFormat == 3) separatePlanes = in.bit() != 0;
        const std::uint32_t lumaDepth = in.unsignedGolomb();
        const std::uint32_t chromaDepth = in.unsignedGolomb();
        if (lumaDepth > 6 || chromaDepth > 6) return {};
        sps.chromaFormat = static_cast<std::uint8_t>(chromaFormat);
        sps.lumaDepth = static_cast<std::uint8_t>(lumaDepth + 8);
        sps.chromaDepth = static_cast<std::uint8_t>(chromaDepth + 8);
        in.bit();        // qpprime_y_zero_transform_bypass_flag
        if (in.bit()) {  // seq_scaling_matrix_present_flag
            for (int i = 0; i < (chromaFormat == 3 ? 12 : 8); ++i) {
                if (in.bit()) skipScalingList(in, i < 6 ? 16 : 64);
            }
        }
    }

    in.unsignedGolomb();  // log2_max_frame_num_minus4
    const std::uint32_t orderType = in.unsignedGolomb();
    if (orderType == 0) {
        in.unsignedGolomb();  // log2_max_pic_order_cnt_lsb_minus4
    } else if (orderType == 1) {
        in.bit();           // delta_pic_order_always_zero_flag
        in.signedGolomb();  // offset_for_non_ref_pic
        in.signedGolomb();  // offset_for_top_to_bottom_field
        const std::uint32_t cycle = in.unsignedGolomb();
        if (cycle > 255) return {};
        for (std::uint32_t i = 0; i < cycle; ++i) in.signedGolomb();
    } else if (orderType > 2) {
        return {};
    }
    in.unsignedGolomb();  // max_num_ref_frames
    in.bit();             // gaps_in_frame_num_value_allowed_flag

    const std::uint32_t columns = in.unsignedGolomb() + 1;
    const std::uint32_t rows = in.unsignedGolomb() + 1;
    const bool framesOnly = in.bit() != 0;
    if (!framesOnly) in.bit();  // mb_adaptive_frame_field_flag
    in.bit();                   // direct_8x8_inference_flag
    if (in.failed() || columns > kMaxMacroblocks || rows > kMaxMacroblocks) return {};

    const std::uint32_t fields = framesOnly ? 1 : 2;
    const std::uint32_t width = columns * 16;
    const std::uint32_t height = rows * 16 * fields;
    std::uint64_t cropX = 0;
    std::uint64_t cropY = 0;
    if (in.bit()) {  // frame_cropping_flag; units are of 7-19 to 7-22
        const int chromaArray = separatePlanes ? 0 : sps.chromaFormat;
        const std::uint64_t unitX = chromaArray == 1 || chromaArray == 2 ? 2 : 1;
        const std::uint64_t unitY = (chromaArray == 1 ? std::uint64_t{2} : 1) * fields;
        cropX = in.unsignedGolomb();
        cropX = (cropX + in.unsignedGolomb()) * unitX;
        cropY = in.unsignedGolomb();
        cropY = (cropY + in.unsignedGolomb()) * unitY;
    }
    if (in.failed() || cropX >= width || cropY >= height) return {};
    sps.size = {static_cast<int>(width - cropX), static_cast<int>(height - cropY)};
    return sps;
}

std::optional<std::uint32_t> parsePpsNumber(View nal) {
    if (nal.size() < 2 || (nal[0] & 0x1f) != 8) return {};
    Bits in{nal.subspan(1, std::min<std::size_t>(nal.size() - 1, 8))};
    const std::uint32_t number = in.unsignedGolomb();
    if (in.failed() || number > 255) return {};
    return number;
}

Bytes decoderConfig(View sps, const std::vector<Bytes>& pps) {
    Bytes config;
    appendU8(config, 1);
    append(config, sps.subspan(1, 3));
    appendU8(config, 0xff);  // lengths of four bytes
    appendU8(config, 0xe1);  // one SPS
    appendU16(config, static_cast<std::uint32_t>(sps.size()));
    append(config, sps);
    appendU8(config, static_cast<std::uint32_t>(pps.size()));
    for (const Bytes& set : pps) {
        appendU16(config, static_cast<std::uint32_t>(set.size()));
        append(config, set);
    }
    const auto parsed = parseSps(sps);
    if (parsed &&
        (parsed->profile == 100 || parsed->profile == 110 || parsed->profile == 122 || parsed->profile == 144)) {
        appendU8(config, 0xfcu | parsed->chromaFormat);
        appendU8(config, 0xf8u | (parsed->lumaDepth - 8u));
        appendU8(config, 0xf8u | (parsed->chromaDepth - 8u));
        appendU8(config, 0);  // no SPS extension
    }
    return config;
}

}  // namespace rtp
