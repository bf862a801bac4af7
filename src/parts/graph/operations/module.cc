// A Node addon that does nothing but register these operations with TensorFlow when it is loaded.
#include <node_api.h>

namespace layerwise {
void defineLstm();
void defineGru();
void defineOptimizers();
void defineRowwise();
void defineAttention();
void defineCtc();
}  // namespace layerwise

NAPI_MODULE_INIT() {
  static bool isDone = false;
  if (!isDone) {
    isDone = true;
    layerwise::defineLstm();
    layerwise::defineGru();
    layerwise::defineOptimizers();
    layerwise::defineRowwise();
    layerwise::defineAttention();
    layerwise::defineCtc();
  }
  return exports;
}
