#include "streams/paths.hpp"

namespace streams {
namespace {

// Cloudflare neither records a WHIP publisher, nor serves it by HLS, nor sends it on ("WHIP and WHEP must be used
// together"), and serves nobody else by WHEP. The day that changes, a row here does.
struct Row {
    Path path;
    Capabilities can;
};
// clang-format off
constexpr Row kRows[] = {
    //               records hls    outputs whep
    {Path::embedded, {true,  true,  true,  true }},
    {Path::relay,    {true,  true,  true,  false}},
    {Path::direct,   {false, false, false, true }},
    {Path::obs,      {true,  true,  true,  false}},
};
// clang-format on

}  // namespace

Capabilities capabilities(Path path) {
    for (const Row& row : kRows) {
        if (row.path == path) return row.can;
    }
    return {};
}

Path pathOf(const Setup& setup, StreamingMethod method) {
    if (setup.embedded) return Path::embedded;
    if (method == StreamingMethod::obs) return Path::obs;
    return setup.ingest == Ingest::relay ? Path::relay : Path::direct;
}

}  // namespace streams
