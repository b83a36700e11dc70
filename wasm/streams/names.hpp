/// The words that stand in documents for the model's enumerations. Only *_json files need them.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "streams/stream.hpp"
#include "streams/view.hpp"

namespace streams {

template <class E, std::size_t N>
using Names = std::array<std::pair<E, const char*>, N>;

inline constexpr Names<Status, 3> kStatus{
    {{Status::ready, "ready"}, {Status::live, "live"}, {Status::completed, "completed"}}};
inline constexpr Names<StreamingMethod, 2> kStreamingMethod{
    {{StreamingMethod::obs, "obs"}, {StreamingMethod::whip_browser, "whip_browser"}}};
inline constexpr Names<Provider, 2> kProvider{{{Provider::cloudflare, "cloudflare"}, {Provider::mux, "mux"}}};
inline constexpr Names<Ingest, 2> kIngest{{{Ingest::relay, "relay"}, {Ingest::direct, "direct"}}};
inline constexpr Names<Path, 4> kPath{
    {{Path::embedded, "embedded"}, {Path::relay, "relay"}, {Path::direct, "direct"}, {Path::obs, "obs"}}};
inline constexpr Names<Backup, 3> kBackup{
    {{Backup::ready, "ready"}, {Backup::pending, "pending"}, {Backup::failed, "failed"}}};
inline constexpr Names<RecordingState, 3> kRecordingState{
    {{RecordingState::making, "making"}, {RecordingState::ready, "ready"}, {RecordingState::error, "error"}}};
inline constexpr Names<Phase, 6> kPhase{{{Phase::waiting, "waiting"},
                                         {Phase::live, "live"},
                                         {Phase::interrupted, "interrupted"},
                                         {Phase::preparing, "preparing"},
                                         {Phase::recording, "recording"},
                                         {Phase::none, "none"}}};

template <class E, std::size_t N>
const char* name(const Names<E, N>& names, E value) {
    for (const auto& [candidate, text] : names) {
        if (candidate == value) return text;
    }
    return "";
}

}  // namespace streams
