#include "browser/js_async.hpp"

#include <emscripten/em_js.h>

EM_JS_DEPS(js_async, "$Emval,$UTF8ToString");

// A settled outcome is [value] or the error's name.
// clang-format off
EM_JS(emscripten::EM_VAL, js_call, (emscripten::EM_VAL target, const char* method, emscripten::EM_VAL args), {
  const run = async () => [await Emval.toValue(target)[UTF8ToString(method)](...Emval.toValue(args))];
  return Emval.toHandle(run().catch(error => String(error?.name)));
});
EM_JS(emscripten::EM_VAL, js_until, (emscripten::EM_VAL settled, emscripten::EM_VAL signal), {
  const s = Emval.toValue(signal);
  let done;
  const ended = new Promise(resolve => {
    done = () => resolve('AbortError');
    if (s.aborted) done();
    s.addEventListener('abort', done);
  });
  return Emval.toHandle(Promise.race([Emval.toValue(settled), ended]).finally(() => s.removeEventListener('abort', done)));
});
EM_JS(emscripten::EM_VAL, js_invoke, (emscripten::EM_VAL target, const char* method, emscripten::EM_VAL args), {
  try {
    return Emval.toHandle([Emval.toValue(target)[UTF8ToString(method)](...Emval.toValue(args))]);
  } catch (error) {
    return Emval.toHandle(String(error?.name));
  }
});
EM_JS(emscripten::EM_VAL, js_construct, (const char* name, emscripten::EM_VAL argument), {
  try {
    return Emval.toHandle([new globalThis[UTF8ToString(name)](Emval.toValue(argument))]);
  } catch (error) {
    return Emval.toHandle(String(error?.name));
  }
});
EM_JS(void, js_notify, (emscripten::EM_VAL callback, emscripten::EM_VAL argument), {
  try {
    Emval.toValue(callback)(Emval.toValue(argument));
  } catch (error) {
    queueMicrotask(() => { throw error });
  }
});
EM_JS(emscripten::EM_VAL, js_next, (emscripten::EM_VAL target, const char* type, emscripten::EM_VAL signal), {
  const t = Emval.toValue(target);
  const s = Emval.toValue(signal);
  const name = UTF8ToString(type);
  return Emval.toHandle(new Promise(resolve => {
    const done = event => {
      t.removeEventListener(name, done);
      s.removeEventListener('abort', done);
      resolve(event.type === 'abort' ? 'AbortError' : [event]);
    };
    if (s.aborted) return resolve('AbortError');
    t.addEventListener(name, done);
    s.addEventListener('abort', done);
  }));
});
EM_JS(emscripten::EM_VAL, js_sleep, (double ms, emscripten::EM_VAL signal), {
  const s = Emval.toValue(signal);
  return Emval.toHandle(new Promise(resolve => {
    const done = event => {
      clearTimeout(timer);
      s.removeEventListener('abort', done);
      resolve(event ? 'AbortError' : [0]);
    };
    const timer = setTimeout(done, ms);
    if (s.aborted) return done(s);
    s.addEventListener('abort', done);
  }));
});
// clang-format on

namespace js {
namespace {

Result read(const val& outcome) {
    if (outcome.isString()) return {.error = outcome.as<std::string>()};
    return {.value = outcome[0], .ok = true};
}

}  // namespace

Result Settle::await_resume() { return read(awaiter_.await_resume()); }

Scope::Scope() : controller_(val::global("AbortController").new_()), signal_(controller_["signal"]) {}

Scope::Scope(Scope&& other) noexcept
    : controller_(std::exchange(other.controller_, val::undefined())), signal_(std::move(other.signal_)) {}

Scope& Scope::operator=(Scope&& other) noexcept {
    end();
    controller_ = std::exchange(other.controller_, val::undefined());
    signal_ = std::move(other.signal_);
    return *this;
}

void Scope::end() {
    if (!controller_.isUndefined()) controller_.call<void>("abort");
}

val list() { return val::array(); }

Settle callWith(const val& target, const char* method, const val& args) {
    return Settle{js_call(target.as_handle(), method, args.as_handle())};
}

Settle callUntilWith(const val& signal, const val& target, const char* method, const val& args) {
    const val settled = val::take_ownership(js_call(target.as_handle(), method, args.as_handle()));
    return Settle{js_until(settled.as_handle(), signal.as_handle())};
}

Result invokeWith(const val& target, const char* method, const val& args) {
    return read(val::take_ownership(js_invoke(target.as_handle(), method, args.as_handle())));
}

Result construct(const char* name, const val& argument) {
    return read(val::take_ownership(js_construct(name, argument.as_handle())));
}

void notify(const val& callback, const val& argument) { js_notify(callback.as_handle(), argument.as_handle()); }

Settle next(const val& target, const char* type, const val& signal) {
    return Settle{js_next(target.as_handle(), type, signal.as_handle())};
}

Settle sleep(std::chrono::milliseconds pause, const val& signal) {
    return Settle{js_sleep(static_cast<double>(pause.count()), signal.as_handle())};
}

}  // namespace js
