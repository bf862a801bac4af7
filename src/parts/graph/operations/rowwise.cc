// Layer normalization (Ba et al., 2016) of the last axis, and the gradient of a bias: both go over rows and add up columns.
#include <cmath>

#include "kernel.h"

namespace layerwise {

namespace {

int64_t grainOf(int64_t width) { return 16384 / std::max<int64_t>(1, width) + 1; }

/** How many rows the last axis has, however short they are. */
int64_t rowsOf(const Shape& shape) { return sizeOf(Shape(shape.begin(), shape.end() - 1)); }

/** Sums of columns that several threads find. Added in the order of the pieces, so that the same numbers always give the same sum. */
class ColumnSums {
 public:
  ColumnSums(int64_t rows, int64_t width) : width_(width), sums_(piecesOf(rows, grainOf(width)) * width) {}
  float* of(int64_t piece) { return sums_.data() + piece * width_; }
  void into(float* out) const {
    std::fill(out, out + width_, 0.0f);
    for (size_t first = 0; first < sums_.size(); first += width_)
      for (int64_t j = 0; j < width_; j++) out[j] += sums_[first + j];
  }

 private:
  const int64_t width_;
  std::vector<float> sums_;
};

/** Inputs: x [..., width], gain, shift [width]. Outputs: y, then mean and 1 / standard deviation of each row. */
struct LayerNorm {
  explicit LayerNorm(Attributes& attributes) : epsilon(attributes.number("epsilon")) {}
  void compute(Call& call) {
    Shape shape;
    const float* x = call.input(0, "x", 0, &shape);
    if (call.failed()) return;
    const int64_t width = shape.back(), rows = rowsOf(shape);
    const float* gain = call.input(1, "gain", {width});
    const float* shift = call.input(2, "shift", {width});
    float* y = call.output(0, shape);
    float* means = call.output(1, {rows});
    float* scales = call.output(2, {rows});
    if (call.failed()) return;
    inParallel(rows, grainOf(width), [&](int64_t from, int64_t to, int64_t) {
      for (int64_t row = from; row < to; row++) {
        const float* in = x + row * width;
        float* __restrict out = y + row * width;
        float mean = 0, variance = 0;
        for (int64_t j = 0; j < width; j++) mean += in[j];
        mean /= width;
        for (int64_t j = 0; j < width; j++) variance += (in[j] - mean) * (in[j] - mean);
        const float scale = 1.0f / std::sqrt(variance / width + epsilon);
        for (int64_t j = 0; j < width; j++) out[j] = (in[j] - mean) * scale * gain[j] + shift[j];
        means[row] = mean;
        scales[row] = scale;
      }
    });
  }
  const float epsilon;
};

/** Inputs: gradient of y, x, gain, means, scales. Outputs: gradients of x, gain, shift. */
struct LayerNormGradient {
  explicit LayerNormGradient(Attributes&) {}
  void compute(Call& call) {
    Shape shape;
    const float* dy = call.input(0, "dy", 0, &shape);
    if (call.failed()) return;
    const int64_t width = shape.back(), rows = rowsOf(shape);
    const float* x = call.input(1, "x", shape);
    const float* gain = call.input(2, "gain", {width});
    const float* means = call.input(3, "means", {rows});
    const float* scales = call.input(4, "scales", {rows});
    float* dx = call.output(0, shape);
    float* dGain = call.output(1, {width});
    float* dShift = call.output(2, {width});
    if (call.failed()) return;
    ColumnSums allGains(rows, width), allShifts(rows, width);
    inParallel(rows, grainOf(width), [&](int64_t from, int64_t to, int64_t piece) {
      float* __restrict gains = allGains.of(piece);
      float* __restrict shifts = allShifts.of(piece);
      for (int64_t row = from; row < to; row++) {
        const float *d = dy + row * width, *in = x + row * width;
        float* __restrict out = dx + row * width;
        const float mean = means[row], scale = scales[row];
        float sum = 0, product = 0;
        for (int64_t j = 0; j < width; j++) {
          const float normalized = (in[j] - mean) * scale;
          gains[j] += d[j] * normalized;
          shifts[j] += d[j];
          sum += d[j] * gain[j];
          product += d[j] * gain[j] * normalized;
        }
        for (int64_t j = 0; j < width; j++) out[j] = scale * (d[j] * gain[j] - (sum + (in[j] - mean) * scale * product) / width);
      }
    });
    allGains.into(dGain);
    allShifts.into(dShift);
  }
};

/** Input: dy [..., width]. Output: its columns' sums. */
struct BiasGradient {
  explicit BiasGradient(Attributes&) {}
  void compute(Call& call) {
    Shape shape;
    const float* dy = call.input(0, "dy", 0, &shape);
    if (call.failed()) return;
    const int64_t width = shape.back(), rows = rowsOf(shape);
    float* db = call.output(0, {width});
    if (call.failed()) return;
    ColumnSums sums(rows, width);
    inParallel(rows, grainOf(width), [&](int64_t from, int64_t to, int64_t piece) {
      float* __restrict sum = sums.of(piece);
      for (int64_t row = from; row < to; row++)
        for (int64_t j = 0; j < width; j++) sum[j] += dy[row * width + j];
    });
    sums.into(db);
  }
};

}  // namespace

void defineRowwise() {
  define<BiasGradient>("LayerwiseBiasGrad", {"dy: float"}, {"db: float"}, {});
  define<LayerNorm>("LayerwiseLayerNorm", {"x: float", "gain: float", "shift: float"}, {"y: float", "means: float", "scales: float"}, {"epsilon: float"});
  define<LayerNormGradient>("LayerwiseLayerNormGrad", {"dy: float", "x: float", "gain: float", "means: float", "scales: float"}, {"dx: float", "dgain: float", "dshift: float"}, {});
}

}  // namespace layerwise
