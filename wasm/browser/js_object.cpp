#include "browser/js_object.hpp"

#include <emscripten/em_js.h>

EM_JS_DEPS(js_object, "$Emval");

// clang-format off
EM_JS(emscripten::EM_VAL, js_object, (void* self, const void* methods, emscripten::EM_VAL names), {
  const object = {};
  Emval.toValue(names).forEach((name, number) => {
    object[name] = (argument) => {
      const call = { argument };
      if (self) _js_object_call(self, methods, number, Emval.toHandle(call));
      if (name === 'delete') self = 0;
      return call.result;
    };
  });
  return Emval.toHandle(object);
});
// clang-format on

extern "C" EMSCRIPTEN_KEEPALIVE void js_object_call(void* self, const js::Method* methods, int number,
                                                    js::EM_VAL handle) {
    js::val call = js::val::take_ownership(handle);
    call.set("result", methods[number].call(self, call["argument"]));
}

namespace js {

val object(void* self, std::span<const Method> methods) {
    val names = list();
    for (const Method& method : methods) names.call<void>("push", std::string{method.name});
    return val::take_ownership(js_object(self, methods.data(), names.as_handle()));
}

}  // namespace js
