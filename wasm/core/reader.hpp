/// Reads JSON without exceptions: every fault is remembered by its JSON pointer instead of stopping at the first.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace core {

using Json = nlohmann::json;

/// `text` as JSON, or an Error that says at which byte it stops being JSON.
Result<Json> parseJson(std::string_view text);

/// Reads one JSON object, key by key.
class Reader {
public:
    explicit Reader(const Json& json, std::string path = "");

    std::string text(const char* key);
    std::optional<std::string> maybeText(const char* key);
    std::optional<double> maybeNumber(const char* key);
    std::optional<bool> maybeFlag(const char* key);
    /// Absent reads as false.
    bool flag(const char* key) { return maybeFlag(key).value_or(false); }

    /// `decode(Reader&)` of the object under `key`; a default value when the key is absent.
    template <class F>
    auto object(const char* key, F decode) -> decltype(decode(std::declval<Reader&>())) {
        const Json* child = find(key);
        if (!child) return {};
        Reader in{*child, path_ + "/" + key};
        auto value = decode(in);
        faults_.insert(faults_.end(), in.faults_.begin(), in.faults_.end());
        return value;
    }

    /// `decode(Reader&)` of each object in the array under `key`; empty when the key is absent.
    template <class F>
    auto list(const char* key, F decode) -> std::vector<decltype(decode(std::declval<Reader&>()))> {
        std::vector<decltype(decode(std::declval<Reader&>()))> values;
        const Json* child = find(key);
        if (!child) return values;
        if (!child->is_array()) {
            fault(key, "expected a list");
            return values;
        }
        std::size_t i = 0;
        for (const Json& item : *child) {
            Reader in{item, path_ + "/" + key + "/" + std::to_string(i++)};
            values.push_back(decode(in));
            faults_.insert(faults_.end(), in.faults_.begin(), in.faults_.end());
        }
        return values;
    }

    /// Remembers a fault at `key` of this object; an empty key names the object itself.
    void fault(std::string_view key, std::string what);

    /// `value`, or the first fault there was.
    template <class T>
    Result<T> finish(T value) const {
        if (faults_.empty()) return value;
        return faults_.front();
    }

    [[nodiscard]] const std::vector<Error>& faults() const { return faults_; }

private:
    const Json* find(const char* key) const;

    const Json& json_;
    std::string path_;
    std::vector<Error> faults_;
};

}  // namespace core
