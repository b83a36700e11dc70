/// How long parsing and writing one real offer takes: the least over many short batches, because everything that is not
/// the code under test only ever adds time. Prints one JSON line per figure.
#include <chrono>
#include <cstdio>
#include <string>

#include "sdp/description.hpp"

namespace {

constexpr int kBatches = 2000;
constexpr int kRunsPerBatch = 20;

std::string readFile(const char* path) {
    std::string text;
    if (std::FILE* file = std::fopen(path, "rb")) {
        char buffer[4096];
        for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, file)) > 0;) text.append(buffer, n);
        std::fclose(file);
    }
    return text;
}

/// Least mean time of one run, in microseconds.
template <class F>
double least(F run) {
    using Clock = std::chrono::steady_clock;
    double best = 1e9;
    for (int batch = 0; batch < kBatches; ++batch) {
        const auto start = Clock::now();
        for (int i = 0; i < kRunsPerBatch; ++i) run();
        const std::chrono::duration<double, std::micro> spent = Clock::now() - start;
        best = std::min(best, spent.count() / kRunsPerBatch);
    }
    return best;
}

void print(const char* name, double value) {
    std::printf("{\"name\":\"%s\",\"value\":%.3f,\"unit\":\"us\"}\n", name, value);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string text = readFile(argc > 1 ? argv[1] : FIXTURES "/sdp/chromium-156-offer-gathered.sdp");
    const auto offer = sdp::parse(text);
    if (!offer || sdp::write(*offer) != text) {
        std::fputs("the offer does not survive parse and write\n", stderr);
        return 1;
    }
    std::size_t kept = 0;  // printed to stderr at the end, so that no run can be optimised away
    print("sdp_parse_us", least([&] { kept += sdp::parse(text)->media.size(); }));
    print("sdp_write_us", least([&] { kept += sdp::write(*offer).size(); }));
    std::fprintf(stderr, "%zu\n", kept % 10);
    return 0;
}
