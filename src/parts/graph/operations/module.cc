// A Node addon that registers these operations with TensorFlow when it is loaded.
#include <node_api.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace layerwise {
void defineLstm();
void defineGru();
void defineOptimizers();
void defineRowwise();
void defineAttention();
void defineCtc();
}  // namespace layerwise

/**
 * Each step of a training allocates and frees the same tensors. By default the C library gives their memory back to the
 * system at once, and a fifth of the time of a dense network's step goes into getting it again, page by page.
 */
static void keepFreedMemory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 256 << 20);
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
#endif
}

NAPI_MODULE_INIT() {
  static bool isDone = false;
  if (!isDone) {
    isDone = true;
    keepFreedMemory();
    layerwise::defineLstm();
    layerwise::defineGru();
    layerwise::defineOptimizers();
    layerwise::defineRowwise();
    layerwise::defineAttention();
    layerwise::defineCtc();
  }
  return exports;
}
