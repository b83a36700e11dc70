#include "streams/schedule.hpp"

#include <algorithm>
#include <iterator>

#include "streams/instant.hpp"
#include "streams/paths.hpp"
#include "streams/recordings.hpp"

namespace streams {
namespace {

using Seconds = std::int64_t;
constexpr Seconds kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour;

// While live: a publisher that vanished unheard is noticed this soon.
constexpr Seconds kLive = 30;

// After the end. Cloudflare promises the recording within a minute; both may take longer.
constexpr Seconds kAfterEnd[] = {kMinute, 2 * kMinute, 5 * kMinute, 10 * kMinute, 30 * kMinute, 2 * kHour};
// Where nothing is recorded: only whether the publisher comes back.
constexpr Seconds kAfterUnrecordedEnd[] = {kMinute, 2 * kMinute, 5 * kMinute};

// Before anything was broadcast: how often, by the stream's age. Streams are made days ahead.
struct Row {
    Seconds age, every;
};
constexpr Row kWaiting[] = {{kHour, kMinute}, {kDay, 5 * kMinute}, {14 * kDay, 30 * kMinute}};

constexpr Seconds kTryAgain = kMinute;           // when a provider could not be asked ...
constexpr Seconds kTryMuchLater = 30 * kMinute;  // ... and the time for it is over

std::string from(const std::string& at, Seconds seconds) { return toMilliseconds(later(at, seconds)); }

template <class Slots>
std::optional<std::string> slotAfter(const Slots& slots, const std::string& end, const std::string& now) {
    const Seconds since = secondsBetween(end, now);
    const auto next = std::upper_bound(std::begin(slots), std::end(slots), std::max<Seconds>(since, 0));
    if (next == std::end(slots)) return {};
    return from(end, *next);
}

}  // namespace

bool isAwaited(const Stream& stream) {
    if (stream.status != Status::completed) return true;
    if (!endedAt(stream)) return false;  // completed by its recording
    return !isSettled(stream, Provider::cloudflare) || !isSettled(stream, Provider::mux);
}

std::optional<std::string> nextCheck(const Stream& stream, const std::string& now) {
    if (!isAwaited(stream)) return {};
    if (stream.status == Status::live) return from(now, kLive);
    if (stream.status == Status::ready) {
        const Seconds age = secondsBetween(stream.createdAt, now);
        for (const Row& row : kWaiting) {
            if (age < row.age) return from(now, row.every);
        }
        return {};
    }
    const std::string end = endedAt(stream).value_or(now);
    if (!capabilities(stream.path).records) return slotAfter(kAfterUnrecordedEnd, end, now);
    return slotAfter(kAfterEnd, end, now);
}

std::string nextTry(const Stream& stream, const std::string& now) {
    const auto next = nextCheck(stream, now);
    return std::max(next.value_or(from(now, kTryMuchLater)), from(now, kTryAgain));
}

}  // namespace streams
