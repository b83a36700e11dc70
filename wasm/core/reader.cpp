#include "core/reader.hpp"

namespace core {

Result<Json> parseJson(std::string_view text) {
    Json json = Json::parse(text.begin(), text.end(), nullptr, false);
    if (json.is_discarded()) return Error{"", "expected JSON"};
    return json;
}

Reader::Reader(const Json& json, std::string path) : json_{json}, path_{std::move(path)} {
    if (!json_.is_object()) fault("", "expected an object");
}

std::string Reader::text(const char* key) {
    if (!find(key)) {
        if (json_.is_object()) fault(key, "is missing");
        return {};
    }
    return maybeText(key).value_or("");
}

std::optional<std::string> Reader::maybeText(const char* key) {
    const Json* value = find(key);
    if (!value) return {};
    if (const auto* text = value->get_ptr<const std::string*>()) return *text;
    fault(key, "expected text");
    return {};
}

std::optional<double> Reader::maybeNumber(const char* key) {
    const Json* value = find(key);
    if (!value) return {};
    if (value->is_number()) return value->get<double>();
    fault(key, "expected a number");
    return {};
}

std::optional<bool> Reader::maybeFlag(const char* key) {
    const Json* value = find(key);
    if (!value) return {};
    if (const auto* flag = value->get_ptr<const bool*>()) return *flag;
    fault(key, "expected true or false");
    return {};
}

void Reader::fault(std::string_view key, std::string what) {
    faults_.push_back({key.empty() ? path_ : path_ + "/" + std::string{key}, std::move(what)});
}

const Json* Reader::find(const char* key) const {
    if (!json_.is_object()) return nullptr;
    const auto found = json_.find(key);
    return found == json_.end() || found->is_null() ? nullptr : &*found;
}

}  // namespace core
