// GRU (Cho et al., 2014) over whole sequences, with the state reset before its product.
// The products with the inputs are TensorFlow's own, before and after; here is what has to go step by step.
#include "activation.h"
#include "kernel.h"
#include "mask.h"
#include "product.h"

namespace layerwise {

namespace {

/** Inputs: projected [batch, length, 3 units], recurrent [units, 3 units], h [batch, units], mask [batch, length] or none. Outputs: h of all steps, last h, and for the gradient gates, reset h and h before each step. */
struct Gru {
  explicit Gru(Attributes& attributes) : gate(attributes) {}
  void compute(Call& call) {
    Shape shape, recurrentShape;
    call.input(0, "projected", 3, &shape);
    const float* recurrent = call.input(1, "recurrent", 2, &recurrentShape);
    if (call.failed()) return;
    const int64_t batch = shape[0], length = shape[1], units = recurrentShape[0];
    const float* projected = call.input(0, "projected", {batch, length, 3 * units});
    call.input(1, "recurrent", {units, 3 * units});
    const float* h0 = call.input(2, "h", {batch, units});
    const float* mask = call.optional(3, "mask", {batch, length});
    float* h = call.output(0, {batch, length, units});
    float* lastH = call.output(1, {batch, units});
    float* gates = call.output(2, shape);
    float* reset = call.output(3, {batch, length, units});
    float* before = call.output(4, {batch, length, units});
    if (call.failed()) return;
    Panels forGates, forCandidate;
    forGates.pack(recurrent, units, 2 * units, 3 * units, 1);
    forCandidate.pack(recurrent + 2 * units, units, units, 3 * units, 1);
    inParallel(batch, kRows, [&](int64_t from, int64_t to, int64_t) {
      const int64_t rows = to - from;
      std::vector<float> z(rows * 3 * units), resetNow(rows * units), hNow(h0 + from * units, h0 + to * units);
      for (int64_t t = 0; t < length; t++) {
        for (int64_t b = 0; b < rows; b++) std::copy_n(projected + ((from + b) * length + t) * 3 * units, 3 * units, z.data() + b * 3 * units);
        addProduct(rows, hNow.data(), units, 1, forGates, z.data(), 3 * units);
        for (int64_t b = 0; b < rows; b++) {
          float* __restrict row = z.data() + b * 3 * units;
          float* __restrict resetRow = resetNow.data() + b * units;
          const float* __restrict hRow = hNow.data() + b * units;
          gate.over(row, 2 * units);
          for (int64_t j = 0; j < units; j++) resetRow[j] = row[units + j] * hRow[j];
        }
        addProduct(rows, resetNow.data(), units, 1, forCandidate, z.data() + 2 * units, 3 * units);
        for (int64_t b = 0; b < rows; b++) {
          const int64_t at = (from + b) * length + t;
          float* __restrict row = z.data() + b * 3 * units;
          float* __restrict hRow = hNow.data() + b * units;
          std::copy_n(hRow, units, before + at * units);
          for (int64_t j = 0; j < units; j++) {
            row[2 * units + j] = hyperbolicTangent(row[2 * units + j]);
            hRow[j] = row[j] * hRow[j] + (1.0f - row[j]) * row[2 * units + j];
          }
          if (mask != nullptr) keepMasked(mask[at], before + at * units, units, hRow);
          std::copy_n(row, 3 * units, gates + at * 3 * units);
          std::copy_n(resetNow.data() + b * units, units, reset + at * units);
          std::copy_n(hRow, units, h + at * units);
        }
      }
      std::copy_n(hNow.data(), rows * units, lastH + from * units);
    });
  }
  const Activation gate;
};

/** Inputs: gradients of h and last h, recurrent, gates, h before each step, mask or none. Outputs: gradients of projected, first h. */
struct GruGradient {
  explicit GruGradient(Attributes& attributes) : gate(attributes) {}
  void compute(Call& call) {
    Shape shape;
    const float* dh = call.input(0, "outputs", 3, &shape);
    if (call.failed()) return;
    const int64_t batch = shape[0], length = shape[1], units = shape[2];
    const float* dLastH = call.input(1, "last_h", {batch, units});
    const float* recurrent = call.input(2, "recurrent", {units, 3 * units});
    const float* gates = call.input(3, "gates", {batch, length, 3 * units});
    const float* before = call.input(4, "before", {batch, length, units});
    const float* mask = call.optional(5, "mask", {batch, length});
    float* dz = call.output(0, {batch, length, 3 * units});
    float* dh0 = call.output(1, {batch, units});
    if (call.failed()) return;
    Panels forGates, forCandidate;
    forGates.pack(recurrent, 2 * units, units, 1, 3 * units);
    forCandidate.pack(recurrent + 2 * units, units, units, 1, 3 * units);
    std::copy_n(dLastH, batch * units, dh0);
    inParallel(batch, kRows, [&](int64_t from, int64_t to, int64_t) {
      std::vector<float> resets((to - from) * units), dzNow((to - from) * 3 * units);
      for (int64_t t = length - 1; t >= 0; t--) {
        std::fill(resets.begin(), resets.end(), 0.0f);
        for (int64_t b = from; b < to; b++) {
          const int64_t at = b * length + t;
          const float* __restrict z = gates + at * 3 * units;
          const float* __restrict candidate = z + 2 * units;
          const float* hRow = before + at * units;
          float* __restrict d = dzNow.data() + (b - from) * 3 * units;
          float* __restrict dhRow = dh0 + b * units;
          const float counts = mask == nullptr ? 1.0f : mask[at];
          for (int64_t j = 0; j < units; j++) {
            const float dhGiven = dh[at * units + j] + dhRow[j];
            const float dhNow = counts * dhGiven;
            d[j] = dhNow * (hRow[j] - candidate[j]) * gate.slope(z[j]);
            d[2 * units + j] = dhNow * (1.0f - z[j]) * (1.0f - candidate[j] * candidate[j]);
            dhRow[j] = dhNow * z[j] + (1.0f - counts) * dhGiven;
          }
        }
        addProduct(to - from, dzNow.data() + 2 * units, 3 * units, 1, forCandidate, resets.data(), units);
        for (int64_t b = from; b < to; b++) {
          const int64_t at = b * length + t;
          const float* __restrict r = gates + at * 3 * units + units;
          const float* hRow = before + at * units;
          const float* __restrict dReset = resets.data() + (b - from) * units;
          float* __restrict d = dzNow.data() + (b - from) * 3 * units;
          float* __restrict dhRow = dh0 + b * units;
          for (int64_t j = 0; j < units; j++) {
            d[units + j] = dReset[j] * hRow[j] * gate.slope(r[j]);
            dhRow[j] += dReset[j] * r[j];
          }
          std::copy_n(d, 3 * units, dz + at * 3 * units);
        }
        addProduct(to - from, dzNow.data(), 3 * units, 1, forGates, dh0 + from * units, units);
      }
    });
  }
  const Activation gate;
};

}  // namespace

void defineGru() {
  define<Gru>("LayerwiseGru", {"projected: float", "recurrent: float", "h: float", "mask: float"}, {"outputs: float", "last_h: float", "gates: float", "reset: float", "before: float"}, {"hard: bool"});
  define<GruGradient>("LayerwiseGruGrad", {"outputs: float", "last_h: float", "recurrent: float", "gates: float", "before: float", "mask: float"}, {"dprojected: float", "dh: float"}, {"hard: bool"});
}

}  // namespace layerwise
