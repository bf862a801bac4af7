// A Node addon for the stage `memory`: the bytes that are allocated outside of V8, whatever the allocator keeps for later; and a leak to be found.
#include <node_api.h>

#include <cstdlib>
#ifdef __APPLE__
#include <malloc/malloc.h>
#else
#include <malloc.h>
#endif

namespace {

double bytesInUse() {
#ifdef __APPLE__
  malloc_statistics_t statistics;
  malloc_zone_statistics(nullptr, &statistics);
  return static_cast<double>(statistics.size_in_use);
#elif __GLIBC_PREREQ(2, 33)
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd);
#else
  const struct mallinfo info = mallinfo();
  return static_cast<double>(static_cast<unsigned>(info.uordblks)) + static_cast<double>(static_cast<unsigned>(info.hblkhd));
#endif
}

napi_value inUse(napi_env env, napi_callback_info) {
  napi_value result;
  napi_create_double(env, bytesInUse(), &result);
  return result;
}

napi_value leak(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, result;
  double bytes = 0;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_double(env, argument, &bytes);
  // Written to, so that the compiler doesn't leave it out.
  static_cast<volatile char*>(malloc(static_cast<size_t>(bytes)))[0] = 1;
  napi_get_undefined(env, &result);
  return result;
}

void define(napi_env env, napi_value exports, const char* name, napi_callback callback) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
  napi_set_named_property(env, exports, name, function);
}

}  // namespace

NAPI_MODULE_INIT() {
  define(env, exports, "inUse", inUse);
  define(env, exports, "leak", leak);
  return exports;
}
