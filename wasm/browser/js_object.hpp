/// Objects of C++ for JavaScript, without embind's classes: their glue alone is as large as all else that a page needs
/// of it.
#pragma once

#include <span>
#include <type_traits>

#include "browser/js_async.hpp"

namespace js {

/// A method as JavaScript sees it: what it gives, undefined for nothing.
struct Method {
    const char* name;
    val (*call)(void* self, const val& argument);
};

/// What JavaScript has given, as what the method takes.
struct Argument {
    const val& given;

    operator const val&() const { return given; }
    operator std::string() const { return given.as<std::string>(); }
    operator bool() const { return given.as<bool>(); }
};

/// A member function of `T` with one argument or none.
template <class T, auto member>
val method(void* self, const val& argument) {
    const auto call = [&] {
        if constexpr (std::is_invocable_v<decltype(member), T&>)
            return (static_cast<T*>(self)->*member)();
        else
            return (static_cast<T*>(self)->*member)(Argument{argument});
    };
    if constexpr (std::is_void_v<decltype(call())>) {
        call();
        return val::undefined();
    } else {
        return val{call()};
    }
}

template <class T>
val end(void* self, const val&) {
    delete static_cast<T*>(self);
    return val::undefined();
}

/// An object with these methods, for which `self` stays alive until "delete" has been called; from then on none does
/// anything.
[[nodiscard]] val object(void* self, std::span<const Method> methods);

}  // namespace js
