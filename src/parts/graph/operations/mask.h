// Steps of a sequence that don't count. A mask is [batch, length], 1 for steps that do; null: all do.
#pragma once
#include <cstdint>

namespace layerwise {

/** Where a step is masked, what was before it stays: now · mask + before · (1 − mask), as TensorFlow.js computes it. */
inline void keepMasked(float mask, const float* __restrict before, int64_t count, float* __restrict now) {
  const float kept = 1.0f - mask;
  for (int64_t j = 0; j < count; j++) now[j] = now[j] * mask + before[j] * kept;
}

}  // namespace layerwise
