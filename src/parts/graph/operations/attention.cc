// Scaled dot-product attention of several heads (Vaswani et al., 2017). Weights are computed again for the gradient, not kept (Dao et al., 2022).
#include <cmath>

#include "kernel.h"
#include "product.h"

namespace layerwise {

namespace {

struct Sizes {
  int64_t batch, queries, keys, width, heads, depth;
  float scale;
};

/** Whether queries and keys, the inputs `first` and `first + 1`, fit together. */
bool sizesOf(Call& call, int first, int64_t heads, Shape* queries, Shape* keys, Sizes* sizes) {
  call.input(first, "q", 3, queries);
  call.input(first + 1, "k", 3, keys);
  if (call.failed()) return false;
  const Shape &q = *queries, &k = *keys;
  if (q[0] != k[0] || q[2] != k[2] || q[2] % heads != 0) {
    call.fail("expected q and k [batch, length, width], width a multiple of " + std::to_string(heads) + " heads, got " + textOf(q) + " and " + textOf(k));
    return false;
  }
  *sizes = {q[0], q[1], k[1], q[2], heads, q[2] / heads, 1.0f / std::sqrt(static_cast<float>(q[2] / heads))};
  return true;
}

/** Which keys a query may see: [batch or 1, queries or 1, keys], 0 where it may not. Null: all. */
struct Mask {
  const float* values;
  int64_t perBatch, perQuery;
  const float* row(int64_t batch, int64_t query) const { return values == nullptr ? nullptr : values + batch * perBatch + query * perQuery; }
};

/** The mask that is the last input; an empty list stands for none. */
Mask maskOf(Call& call, int i, const Sizes& s) {
  Shape shape;
  const float* values = call.any(i, &shape);
  if (call.failed() || shape == Shape{0}) return {nullptr, 0, 0};
  const auto fits = [](int64_t given, int64_t length) { return given == length || given == 1; };
  if (shape.size() != 3 || !fits(shape[0], s.batch) || !fits(shape[1], s.queries) || shape[2] != s.keys) {
    call.fail("expected mask of shape " + textOf({s.batch, s.queries, s.keys}) + ", or with 1 first or second, got " + textOf(shape));
    return {nullptr, 0, 0};
  }
  return {values, shape[0] == 1 ? 0 : shape[1] * s.keys, shape[1] == 1 ? 0 : s.keys};
}

/** Queries are taken in blocks, so that a causal block can leave out the keys behind it. */
constexpr int64_t kBlock = 32;

int64_t seenBy(const Sizes& s, bool causal, int64_t query) { return causal ? std::min(query + 1, s.keys) : s.keys; }

/** The attention weights of one head, [queries, keys], 0 where a query may not look. */
void weigh(const Sizes& s, bool causal, const Mask& mask, int64_t batch, const float* q, const float* k, Panels& panels, std::vector<float>& weights) {
  panels.pack(k, s.depth, s.keys, 1, s.width);
  weights.assign(s.queries * s.keys, 0.0f);
  for (int64_t first = 0; first < s.queries; first += kBlock) {
    const int64_t rows = std::min(kBlock, s.queries - first);
    addProduct(rows, q + first * s.width, s.width, 1, panels, weights.data() + first * s.keys, s.keys, {seenBy(s, causal, first + rows - 1), 0, s.depth});
  }
  for (int64_t i = 0; i < s.queries; i++) {
    float* __restrict row = weights.data() + i * s.keys;
    const int64_t seen = seenBy(s, causal, i);
    const float* __restrict visible = mask.row(batch, i);
    if (visible != nullptr)
      for (int64_t j = 0; j < seen; j++) row[j] = visible[j] != 0.0f ? row[j] : -INFINITY;
    const float largest = seen == 0 ? -INFINITY : largestOf(row, seen);
    // Over no keys nothing is mixed.
    if (seen == 0 || (visible != nullptr && largest == -INFINITY)) {
      std::fill(row, row + s.keys, 0.0f);
      continue;
    }
    for (int64_t j = 0; j < seen; j++) row[j] = exponential((row[j] - largest) * s.scale);
    if (visible != nullptr)
      for (int64_t j = 0; j < seen; j++) row[j] = visible[j] != 0.0f ? row[j] : 0.0f;
    float sum = 0;
    for (int64_t j = 0; j < seen; j++) sum += row[j];
    const float share = 1.0f / sum;
    for (int64_t j = 0; j < seen; j++) row[j] *= share;
    std::fill(row + seen, row + s.keys, 0.0f);
  }
}

/** out += weights · values, both of one head: [queries, keys] · [keys, depth]. */
void mix(const Sizes& s, bool causal, const std::vector<float>& weights, const Panels& values, float* out) {
  for (int64_t first = 0; first < s.queries; first += kBlock) {
    const int64_t rows = std::min(kBlock, s.queries - first);
    addProduct(rows, weights.data() + first * s.keys, s.keys, 1, values, out + first * s.width, s.width, {s.depth, 0, seenBy(s, causal, first + rows - 1)});
  }
}

/** out += weightsᵀ · values: [keys, queries] · [queries, depth]. */
void mixBack(const Sizes& s, bool causal, const std::vector<float>& weights, const Panels& values, float* out) {
  for (int64_t first = 0; first < s.keys; first += kBlock) {
    const int64_t rows = std::min(kBlock, s.keys - first);
    addProduct(rows, weights.data() + first, 1, s.keys, values, out + first * s.width, s.width, {s.depth, causal ? std::min(first, s.queries) : 0, s.queries});
  }
}

/** Inputs: queries, keys, values [batch, length, width], mask or none. Output: mixed values. */
struct Attention {
  explicit Attention(Attributes& attributes) : heads(attributes.count("heads")), causal(attributes.flag("causal")) {}
  void compute(Call& call) {
    Shape qShape, kShape;
    Sizes s;
    if (!sizesOf(call, 0, heads, &qShape, &kShape, &s)) return;
    const float* q = call.input(0, "q", qShape);
    const float* k = call.input(1, "k", kShape);
    const float* v = call.input(2, "v", kShape);
    const Mask mask = maskOf(call, 3, s);
    float* out = call.output(0, qShape);
    if (call.failed()) return;
    std::fill_n(out, sizeOf(qShape), 0.0f);
    inParallel(s.batch * heads, 1, [&](int64_t from, int64_t to, int64_t) {
      Panels panels;
      std::vector<float> weights;
      for (int64_t item = from; item < to; item++) {
        const int64_t b = item / heads, first = item % heads * s.depth;
        const int64_t atQuery = b * s.queries * s.width + first, atKey = b * s.keys * s.width + first;
        weigh(s, causal, mask, b, q + atQuery, k + atKey, panels, weights);
        panels.pack(v + atKey, s.keys, s.depth, s.width, 1);
        mix(s, causal, weights, panels, out + atQuery);
      }
    });
  }
  const int64_t heads;
  const bool causal;
};

/** Inputs: gradient of the output, queries, keys, values, mask or none, output. Outputs: gradients of queries, keys, values. */
struct AttentionGradient {
  explicit AttentionGradient(Attributes& attributes) : heads(attributes.count("heads")), causal(attributes.flag("causal")) {}
  void compute(Call& call) {
    Shape qShape, kShape;
    Sizes s;
    if (!sizesOf(call, 1, heads, &qShape, &kShape, &s)) return;
    const float* dOut = call.input(0, "dmixed", qShape);
    const float* q = call.input(1, "q", qShape);
    const float* k = call.input(2, "k", kShape);
    const float* v = call.input(3, "v", kShape);
    const Mask mask = maskOf(call, 4, s);
    const float* out = call.input(5, "mixed", qShape);
    float* dq = call.output(0, qShape);
    float* dk = call.output(1, kShape);
    float* dv = call.output(2, kShape);
    if (call.failed()) return;
    std::fill_n(dq, sizeOf(qShape), 0.0f);
    std::fill_n(dk, sizeOf(kShape), 0.0f);
    std::fill_n(dv, sizeOf(kShape), 0.0f);
    inParallel(s.batch * heads, 1, [&](int64_t from, int64_t to, int64_t) {
      Panels panels;
      std::vector<float> weights, dWeights;
      for (int64_t item = from; item < to; item++) {
        const int64_t b = item / heads, first = item % heads * s.depth;
        const int64_t atQuery = b * s.queries * s.width + first, atKey = b * s.keys * s.width + first;
        weigh(s, causal, mask, b, q + atQuery, k + atKey, panels, weights);
        panels.pack(dOut + atQuery, s.queries, s.depth, s.width, 1);
        mixBack(s, causal, weights, panels, dv + atKey);
        panels.pack(v + atKey, s.depth, s.keys, 1, s.width);
        dWeights.assign(s.queries * s.keys, 0.0f);
        for (int64_t first = 0; first < s.queries; first += kBlock) {
          const int64_t rows = std::min(kBlock, s.queries - first);
          addProduct(rows, dOut + atQuery + first * s.width, s.width, 1, panels, dWeights.data() + first * s.keys, s.keys, {seenBy(s, causal, first + rows - 1), 0, s.depth});
        }
        for (int64_t i = 0; i < s.queries; i++) {
          const float *d = dOut + atQuery + i * s.width, *o = out + atQuery + i * s.width, *p = weights.data() + i * s.keys;
          float* __restrict row = dWeights.data() + i * s.keys;
          float along = 0;
          for (int64_t j = 0; j < s.depth; j++) along += d[j] * o[j];
          const int64_t seen = seenBy(s, causal, i);
          for (int64_t j = 0; j < seen; j++) row[j] = p[j] * (row[j] - along) * s.scale;
          std::fill(row + seen, row + s.keys, 0.0f);
        }
        panels.pack(k + atKey, s.keys, s.depth, s.width, 1);
        mix(s, causal, dWeights, panels, dq + atQuery);
        panels.pack(q + atQuery, s.queries, s.depth, s.width, 1);
        mixBack(s, causal, dWeights, panels, dk + atKey);
      }
    });
  }
  const int64_t heads;
  const bool causal;
};

}  // namespace

void defineAttention() {
  define<Attention>("LayerwiseAttention", {"q: float", "k: float", "v: float", "mask: float"}, {"mixed: float"}, {"heads: int >= 1", "causal: bool"});
  define<AttentionGradient>("LayerwiseAttentionGrad", {"dmixed: float", "q: float", "k: float", "v: float", "mask: float", "mixed: float"}, {"dq: float", "dk: float", "dv: float"}, {"heads: int >= 1", "causal: bool"});
}

}  // namespace layerwise
