/// JavaScript from C++ without C++ exceptions: what can throw or reject becomes a value, events and timers become
/// something to await.
///
/// A plain `co_await` of a val destroys the coroutine when the promise rejects, and a plain val call that throws
/// unwinds C++ frames without running their destructors. So the browser driver calls JavaScript that may fail only
/// through here.
#pragma once

#include <emscripten/val.h>

#include <chrono>
#include <coroutine>
#include <optional>
#include <string>
#include <utility>

namespace js {

using emscripten::EM_VAL;
using emscripten::val;

/// What a call or a promise came to.
struct Result {
    val value = val::undefined();
    bool ok = false;
    std::string error{};  ///< the name of what was thrown, "NotAllowedError"

    explicit operator bool() const { return ok; }
};

/// Something to `co_await`; comes to a Result, whatever the promise does.
class [[nodiscard]] Settle {
public:
    /// Takes over a promise that never rejects, made in js_async.cpp.
    explicit Settle(EM_VAL settled) : promise_(val::take_ownership(settled)), awaiter_(promise_) {}

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiting) { awaiter_.await_suspend(waiting); }
    Result await_resume();

private:
    val promise_;
    val::awaiter awaiter_;
};

/// A coroutine nobody waits for: it runs at once up to its first co_await and frees itself at its end.
struct Task {
    struct promise_type {
        Task get_return_object() { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() {}
    };
};

/// A coroutine whose outcome another one awaits.
template <class T>
class [[nodiscard]] Async {
public:
    struct promise_type {
        std::optional<T> value{};
        std::coroutine_handle<> waiting{};

        struct Final {
            bool await_ready() const noexcept { return false; }
            void await_suspend(std::coroutine_handle<promise_type> done) const noexcept {
                if (done.promise().waiting) done.promise().waiting.resume();
            }
            void await_resume() const noexcept {}
        };
        Async get_return_object() { return Async{std::coroutine_handle<promise_type>::from_promise(*this)}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        Final final_suspend() noexcept { return {}; }
        void return_value(T outcome) { value = std::move(outcome); }
        void unhandled_exception() {}
    };

    explicit Async(std::coroutine_handle<promise_type> running) : running_(running) {}
    Async(const Async&) = delete;
    Async& operator=(const Async&) = delete;
    ~Async() { running_.destroy(); }

    bool await_ready() const { return running_.promise().value.has_value(); }
    void await_suspend(std::coroutine_handle<> waiting) { running_.promise().waiting = waiting; }
    T await_resume() { return std::move(*running_.promise().value); }

private:
    std::coroutine_handle<promise_type> running_;
};

/// How long something is wanted: `next` and `sleep` end early when their scope does, and leave no listener or timer.
class Scope {
public:
    Scope();
    Scope(Scope&& other) noexcept;
    Scope& operator=(Scope&& other) noexcept;
    ~Scope() { end(); }

    void end();
    /// The AbortSignal to give to `next` and `sleep`.
    [[nodiscard]] const val& signal() const { return signal_; }

private:
    val controller_, signal_;
};

[[nodiscard]] val list();  ///< []
template <class... Args>
[[nodiscard]] val list(const Args&... args) {
    val array = list();
    (array.call<void>("push", args), ...);
    return array;
}

/// target.method(...args), awaited. The call is made at once, inside the person's tap if there is one.
Settle callWith(const val& target, const char* method, const val& args);
template <class... Args>
Settle call(const val& target, const char* method, const Args&... args) {
    return callWith(target, method, list(args...));
}

/// The same, given up when the scope of `signal` ends: the promises of a closed RTCPeerConnection never settle (W3C
/// WebRTC section 4.4.1.2).
Settle callUntilWith(const val& signal, const val& target, const char* method, const val& args);
template <class... Args>
Settle callUntil(const val& signal, const val& target, const char* method, const Args&... args) {
    return callUntilWith(signal, target, method, list(args...));
}

/// target.method(...args) for methods that give their value at once.
Result invokeWith(const val& target, const char* method, const val& args);
template <class... Args>
Result invoke(const val& target, const char* method, const Args&... args) {
    return invokeWith(target, method, list(args...));
}

/// new globalThis[name](argument).
Result construct(const char* name, const val& argument);

/// callback(argument). What it throws is reported as any uncaught error of the page is, and stays out of C++.
void notify(const val& callback, const val& argument);

/// Waits for the next event of `type` on `target`. Not ok when `signal`'s scope ended first.
Settle next(const val& target, const char* type, const val& signal);

/// Waits for `pause`. Not ok when `signal`'s scope ended first.
Settle sleep(std::chrono::milliseconds pause, const val& signal);

}  // namespace js
