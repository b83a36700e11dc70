#include "browser/viewing.hpp"

#include <utility>

namespace browser {

using js::val;

void Viewing::stopSilently() {
    onChange_ = nullptr;
    deliver(whip::Stop{});
    end();
}

val Viewing::stream() const { return viewer_.phase == whip::ViewerPhase::Playing ? stream_ : val::null(); }

void Viewing::advanced() {
    if (viewer_.phase != whip::ViewerPhase::Playing) stream_ = val::null();
    if (viewer_.phase == std::exchange(told_, viewer_.phase)) return;
    const auto tell = onChange_;  // which may itself take onChange_ away
    if (tell) tell(viewer_.phase);
}

void Viewing::received(int turn, val stream) {
    stream_ = std::move(stream);
    deliver(whip::Picture{turn});
}

}  // namespace browser
