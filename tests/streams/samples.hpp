/// What the tests of this folder start from.
#pragma once

#include <string>

#include "streams/stream.hpp"

namespace streams::sample {

inline const std::string kSecret = "2fb3cb9f17e68a2568d6ebed8d5505ea";
inline const std::string kInput = "f256e6ea9341d51eea64c9454659e576";
inline const std::string kHost = "https://customer-f33zs165nr7gyfy4.cloudflarestream.com/";
inline const std::string kWhip = kHost + kSecret + "k" + kInput + "/webRTC/publish";
inline const std::string kWhep = kHost + kInput + "/webRTC/play";
inline const std::string kHls = kHost + kInput + "/manifest/video.m3u8";

/// "10:05" on the day of the service.
inline std::string at(const std::string& time) { return "2026-09-23T" + time + ":00.000000000Z"; }

inline Memorial memorial() {
    return {.id = "m1", .name = "A. Example", .ownerUid = "owner", .funeralDirectorUid = "director"};
}

inline User owner() { return {.uid = "owner", .role = "owner"}; }
inline User stranger() { return {.uid = "stranger", .role = "owner"}; }

/// A stream as it is created.
inline Stream stream() {
    return {.id = "s1",
            .memorialId = "m1",
            .title = "Service",
            .whipUrl = kWhip,
            .cloudflareInputId = kInput,
            .playbackUrl = kHls,
            .whepUrl = kWhep,
            .simulcastEnabled = false,
            .nextCheckAt = "2026-09-23T08:01:00.000Z",
            .createdBy = "owner",
            .createdAt = "2026-09-23T08:00:00.000Z",
            .updatedAt = "2026-09-23T08:00:00.000Z"};
}

/// A recording that is ready; `minutes` long, changed when it was made.
inline Recording recording(const std::string& id, const std::string& started, double minutes, const std::string& made) {
    return {.id = id,
            .playbackUrl = kHost + id + "/manifest/video.m3u8",
            .duration = minutes * 60,
            .startedAt = at(started),
            .changedAt = at(made)};
}

/// A recording that could not be made.
inline Recording failed(const std::string& id, const std::string& started, const std::string& known) {
    return {.id = id,
            .state = RecordingState::error,
            .startedAt = at(started),
            .changedAt = at(known),
            .reason = "The video was deemed to be corrupted or malformed."};
}

}  // namespace streams::sample
