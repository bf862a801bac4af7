// LSTM (Hochreiter and Schmidhuber, 1997) over whole sequences.
// The products with the inputs are TensorFlow's own, before and after; here is what has to go step by step.
#include "activation.h"
#include "kernel.h"
#include "mask.h"
#include "product.h"

namespace layerwise {

namespace {

/** The numbers before a step: the initial ones, or those of the step before. Rows are `stride` apart. */
struct Before {
  Before(const float* initial, const float* sequence, int64_t row, int64_t t, int64_t length, int64_t units)
      : values(t == 0 ? initial + row * units : sequence + (row * length + t - 1) * units), stride(t == 0 ? units : length * units) {}
  const float* values;
  const int64_t stride;
};

/** Inputs: projected [batch, length, 4 units], recurrent [units, 4 units], h, c [batch, units], mask [batch, length] or none. Outputs: h of all steps, last h, last c, and for the gradient gates, c and h before each step. */
struct Lstm {
  explicit Lstm(Attributes& attributes) : gate(attributes) {}
  void compute(Call& call) {
    Shape shape, recurrentShape;
    call.input(0, "projected", 3, &shape);
    const float* recurrent = call.input(1, "recurrent", 2, &recurrentShape);
    if (call.failed()) return;
    const int64_t batch = shape[0], length = shape[1], units = recurrentShape[0];
    const float* projected = call.input(0, "projected", {batch, length, 4 * units});
    call.input(1, "recurrent", {units, 4 * units});
    const float* h0 = call.input(2, "h", {batch, units});
    const float* c0 = call.input(3, "c", {batch, units});
    const float* mask = call.optional(4, "mask", {batch, length});
    float* h = call.output(0, {batch, length, units});
    float* lastH = call.output(1, {batch, units});
    float* lastC = call.output(2, {batch, units});
    float* gates = call.output(3, shape);
    float* c = call.output(4, {batch, length, units});
    float* before = call.output(5, {batch, length, units});
    if (call.failed()) return;
    Panels panels;
    panels.pack(recurrent, units, 4 * units, 4 * units, 1);
    inParallel(batch, kRows, [&](int64_t from, int64_t to, int64_t) {
      const int64_t rows = to - from;
      // Rows of the outputs lie a power of two apart, which caches dislike: the products work on copies that lie together.
      std::vector<float> z(rows * 4 * units), hNow(h0 + from * units, h0 + to * units), cNow(c0 + from * units, c0 + to * units);
      for (int64_t t = 0; t < length; t++) {
        for (int64_t b = 0; b < rows; b++) std::copy_n(projected + ((from + b) * length + t) * 4 * units, 4 * units, z.data() + b * 4 * units);
        addProduct(rows, hNow.data(), units, 1, panels, z.data(), 4 * units);
        for (int64_t b = 0; b < rows; b++) {
          const int64_t at = (from + b) * length + t;
          float* __restrict i = z.data() + b * 4 * units;
          float* __restrict cRow = cNow.data() + b * units;
          float* __restrict hRow = hNow.data() + b * units;
          std::copy_n(hRow, units, before + at * units);
          gate.over(i, 2 * units);
          for (int64_t j = 2 * units; j < 3 * units; j++) i[j] = hyperbolicTangent(i[j]);
          gate.over(i + 3 * units, units);
          for (int64_t j = 0; j < units; j++) {
            cRow[j] = i[units + j] * cRow[j] + i[j] * i[2 * units + j];
            hRow[j] = i[3 * units + j] * hyperbolicTangent(cRow[j]);
          }
          if (mask != nullptr) {
            keepMasked(mask[at], before + at * units, units, hRow);
            keepMasked(mask[at], t == 0 ? c0 + (from + b) * units : c + (at - 1) * units, units, cRow);
          }
          std::copy_n(i, 4 * units, gates + at * 4 * units);
          std::copy_n(cRow, units, c + at * units);
          std::copy_n(hRow, units, h + at * units);
        }
      }
      std::copy_n(hNow.data(), rows * units, lastH + from * units);
      std::copy_n(cNow.data(), rows * units, lastC + from * units);
    });
  }
  const Activation gate;
};

/** Inputs: gradients of h, last h and last c, recurrent, gates, c, first c, mask or none. Outputs: gradients of projected, first h, first c. */
struct LstmGradient {
  explicit LstmGradient(Attributes& attributes) : gate(attributes) {}
  void compute(Call& call) {
    Shape shape;
    const float* dh = call.input(0, "outputs", 3, &shape);
    if (call.failed()) return;
    const int64_t batch = shape[0], length = shape[1], units = shape[2];
    const float* dLastH = call.input(1, "last_h", {batch, units});
    const float* dLastC = call.input(2, "last_c", {batch, units});
    const float* recurrent = call.input(3, "recurrent", {units, 4 * units});
    const float* gates = call.input(4, "gates", {batch, length, 4 * units});
    const float* c = call.input(5, "cells", {batch, length, units});
    const float* c0 = call.input(6, "c", {batch, units});
    const float* mask = call.optional(7, "mask", {batch, length});
    float* dz = call.output(0, {batch, length, 4 * units});
    float* dh0 = call.output(1, {batch, units});
    float* dc0 = call.output(2, {batch, units});
    if (call.failed()) return;
    Panels panels;
    panels.pack(recurrent, 4 * units, units, 1, 4 * units);
    std::copy_n(dLastC, batch * units, dc0);
    std::copy_n(dLastH, batch * units, dh0);
    inParallel(batch, kRows, [&](int64_t from, int64_t to, int64_t) {
      std::vector<float> dzNow((to - from) * 4 * units);
      for (int64_t t = length - 1; t >= 0; t--) {
        const Before cBefore(c0, c, from, t, length, units);
        for (int64_t b = from; b < to; b++) {
          const int64_t at = b * length + t;
          const float* __restrict i = gates + at * 4 * units;
          const float* __restrict f = i + units;
          const float* __restrict g = f + units;
          const float* __restrict o = g + units;
          const float* before = cBefore.values + (b - from) * cBefore.stride;
          float* __restrict di = dzNow.data() + (b - from) * 4 * units;
          float* __restrict dcRow = dc0 + b * units;
          float* __restrict dhRow = dh0 + b * units;
          const float counts = mask == nullptr ? 1.0f : mask[at];
          for (int64_t j = 0; j < units; j++) {
            const float dhGiven = dh[at * units + j] + dhRow[j];
            const float dhNow = counts * dhGiven;
            const float squashed = hyperbolicTangent(c[at * units + j]);
            const float dc = counts * dcRow[j] + dhNow * o[j] * (1.0f - squashed * squashed);
            di[j] = dc * g[j] * gate.slope(i[j]);
            di[units + j] = dc * before[j] * gate.slope(f[j]);
            di[2 * units + j] = dc * i[j] * (1.0f - g[j] * g[j]);
            di[3 * units + j] = dhNow * squashed * gate.slope(o[j]);
            dcRow[j] = dc * f[j] + (1.0f - counts) * dcRow[j];
            dhRow[j] = (1.0f - counts) * dhGiven;
          }
          std::copy_n(di, 4 * units, dz + at * 4 * units);
        }
        addProduct(to - from, dzNow.data(), 4 * units, 1, panels, dh0 + from * units, units);
      }
    });
  }
  const Activation gate;
};

}  // namespace

void defineLstm() {
  define<Lstm>("LayerwiseLstm", {"projected: float", "recurrent: float", "h: float", "c: float", "mask: float"}, {"outputs: float", "last_h: float", "last_c: float", "gates: float", "cells: float", "before: float"}, {"hard: bool"});
  define<LstmGradient>("LayerwiseLstmGrad", {"outputs: float", "last_h: float", "last_c: float", "recurrent: float", "gates: float", "cells: float", "c: float", "mask: float"}, {"dprojected: float", "dh: float", "dc: float"}, {"hard: bool"});
}

}  // namespace layerwise
