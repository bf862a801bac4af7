// Closes the standard error output for a while: TensorFlow's library writes to it when it is loaded, whatever it is
// told, and nobody who types a command has use for that.
#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

namespace {

constexpr int kStandardError = 2;

/// Answers the number under which the output is kept, or -1 where nothing was done.
napi_value Close(napi_env env, napi_callback_info) {
  int kept = -1;
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) {
    kept = fcntl(kStandardError, F_DUPFD_CLOEXEC, 3);
    if (kept >= 0) dup2(nowhere, kStandardError);
    close(nowhere);
  }
  napi_value result;
  napi_create_int32(env, kept, &result);
  return result;
}

napi_value Open(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  int32_t kept = -1;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  if (count == 1 && napi_get_value_int32(env, argument, &kept) == napi_ok && kept > kStandardError) {
    dup2(kept, kStandardError);
    close(kept);
  }
  return nullptr;
}

napi_value Init(napi_env env, napi_value exports) {
  napi_value function;
  napi_create_function(env, "close", NAPI_AUTO_LENGTH, Close, nullptr, &function);
  napi_set_named_property(env, exports, "close", function);
  napi_create_function(env, "open", NAPI_AUTO_LENGTH, Open, nullptr, &function);
  napi_set_named_property(env, exports, "open", function);
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)
