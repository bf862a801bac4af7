// What TensorFlow's library needs around it.
//
// It writes to the standard error output when it is loaded, whatever it is told, and nobody who types a command has use
// for that: the output can be closed for a while.
//
// While oneDNN, which multiplies matrices in it, works on a transposed one, the stack pointer lies in its workspace. A
// signal that comes then would be handled there and write over other memory. So this thread leaves signals to others,
// which V8 has started; that of V8's profiler, which must interrupt this one, gets a stack of its own.
#include <fcntl.h>
#include <node_api.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

namespace {

constexpr int kStandardError = 2;
constexpr size_t kSignalStackBytes = 256 * 1024;

/// Signals that are sent to this thread for what it does itself, or by the profiler.
constexpr int kOwnSignals[] = {SIGPROF, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};

void GiveSignalsAStack() {
  stack_t present;
  if (sigaltstack(nullptr, &present) != 0 || !(present.ss_flags & SS_DISABLE)) return;
  void* memory = mmap(nullptr, kSignalStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (memory == MAP_FAILED) return;
  stack_t own = {};
  own.ss_sp = memory;
  own.ss_size = kSignalStackBytes;
  sigaltstack(&own, nullptr);
}

/// Children don't inherit what is blocked here: libuv starts them with no signal blocked.
napi_value KeepSignalsOffThisStack(napi_env, napi_callback_info) {
  GiveSignalsAStack();
  sigset_t others;
  sigfillset(&others);
  for (const int own : kOwnSignals) sigdelset(&others, own);
  pthread_sigmask(SIG_BLOCK, &others, nullptr);
  return nullptr;
}

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
  napi_create_function(env, "keepSignalsOffThisStack", NAPI_AUTO_LENGTH, KeepSignalsOffThisStack, nullptr, &function);
  napi_set_named_property(env, exports, "keepSignalsOffThisStack", function);
  napi_create_function(env, "close", NAPI_AUTO_LENGTH, Close, nullptr, &function);
  napi_set_named_property(env, exports, "close", function);
  napi_create_function(env, "open", NAPI_AUTO_LENGTH, Open, nullptr, &function);
  napi_set_named_property(env, exports, "open", function);
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)
