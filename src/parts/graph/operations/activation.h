// The function of a recurrent layer's gates.
#pragma once
#include "kernel.h"
#include "product.h"

namespace layerwise {

struct Activation {
  explicit Activation(Attributes& attributes) : hard(attributes.flag("hard")) {}
  /** Applies the function in place. Loops this small are what compilers vectorize. */
  void over(float* values, int64_t count) const {
    if (hard) {
      for (int64_t j = 0; j < count; j++) {
        const float y = 0.2f * values[j] + 0.5f;
        values[j] = y < 0.0f ? 0.0f : (y > 1.0f ? 1.0f : y);
      }
    } else {
      for (int64_t j = 0; j < count; j++) values[j] = sigmoid(values[j]);
    }
  }
  /** The derivative, from the function's value. */
  float slope(float y) const { return hard ? ((y > 0.0f) & (y < 1.0f) ? 0.2f : 0.0f) : y * (1.0f - y); }
  const bool hard;
};

}  // namespace layerwise
