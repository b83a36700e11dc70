#include "browser/publisher.hpp"

#include <utility>

#include "browser/publishing.hpp"

namespace browser {

Publisher::Publisher(js::val onChange) : publishing_(std::make_shared<Publishing>(std::move(onChange))) {
    publishing_->begin();
}
Publisher::~Publisher() { publishing_->leaveSilently(); }

void Publisher::preview() { publishing_->deliver(whip::Preview{}); }
void Publisher::start(std::string endpoint) { publishing_->deliver(whip::Start{std::move(endpoint)}); }
void Publisher::stop() { publishing_->deliver(whip::Stop{}); }
void Publisher::leave() { publishing_->deliver(whip::Leave{}); }

}  // namespace browser
