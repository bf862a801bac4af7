// Matrix products that are too small for a call of TensorFlow each, and functions that the compiler vectorizes.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace layerwise {

#if defined(__AVX512F__)
constexpr int kWidth = 16;
#elif defined(__AVX__)
constexpr int kWidth = 8;
#else
constexpr int kWidth = 4;
#endif
constexpr int kRows = 8;
typedef float Vector __attribute__((vector_size(kWidth * sizeof(float))));

/** The right factor of a product, [depth, columns], in panels of kWidth columns that are filled up with zeros. */
class Panels {
 public:
  /** Element (k, j) is read from values[k * rowStride + j * columnStride]. */
  void pack(const float* values, int64_t depth, int64_t columns, int64_t rowStride, int64_t columnStride) {
    this->depth = depth;
    this->columns = columns;
    values_.assign((columns + kWidth - 1) / kWidth * depth * kWidth, 0.0f);
    for (int64_t first = 0; first < columns; first += kWidth) {
      float* panel = values_.data() + first * depth;
      const int64_t width = std::min<int64_t>(kWidth, columns - first);
      for (int64_t k = 0; k < depth; k++)
        for (int64_t j = 0; j < width; j++) panel[k * kWidth + j] = values[k * rowStride + (first + j) * columnStride];
    }
  }
  const float* panel(int64_t first) const { return values_.data() + first * depth; }
  int64_t depth = 0;
  int64_t columns = 0;

 private:
  std::vector<float> values_;
};

/** One vector for each row: so many sums at a time keep the processor's multipliers busy and fit its registers. */
template <int rows>
inline void addTile(const float* a, int64_t rowStride, int64_t columnStride, const float* panel, int64_t depth, float* c, int64_t cStride, int64_t width) {
  Vector sums[rows] = {};
  if (width == kWidth) {
    for (int r = 0; r < rows; r++) std::memcpy(&sums[r], c + r * cStride, sizeof(Vector));
  } else {
    for (int r = 0; r < rows; r++) std::memcpy(&sums[r], c + r * cStride, width * sizeof(float));
  }
  for (int64_t k = 0; k < depth; k++) {
    Vector b;
    std::memcpy(&b, panel + k * kWidth, sizeof(b));
    for (int r = 0; r < rows; r++) sums[r] += a[r * rowStride + k * columnStride] * b;
  }
  if (width == kWidth) {
    for (int r = 0; r < rows; r++) std::memcpy(c + r * cStride, &sums[r], sizeof(Vector));
  } else {
    for (int r = 0; r < rows; r++) std::memcpy(c + r * cStride, &sums[r], width * sizeof(float));
  }
}

/** The part of a product that is wanted: columns of b before `columns`, and of its depth the numbers in [from, to). */
struct Part {
  int64_t columns, from, to;
};

/** c += a · b, where a(i, k) is read from a[i * rowStride + k * columnStride] and the rows of c are cStride apart. */
inline void addProduct(int64_t rows, const float* a, int64_t rowStride, int64_t columnStride, const Panels& b, float* c, int64_t cStride, const Part& part) {
  const int64_t depth = part.to - part.from;
  a += part.from * columnStride;
  for (int64_t first = 0; first < part.columns; first += kWidth) {
    const int64_t width = std::min<int64_t>(kWidth, part.columns - first);
    const float* panel = b.panel(first) + part.from * kWidth;
    int64_t i = 0;
    for (; i + kRows <= rows; i += kRows) addTile<kRows>(a + i * rowStride, rowStride, columnStride, panel, depth, c + i * cStride + first, cStride, width);
    for (; i + 2 <= rows; i += 2) addTile<2>(a + i * rowStride, rowStride, columnStride, panel, depth, c + i * cStride + first, cStride, width);
    if (i < rows) addTile<1>(a + i * rowStride, rowStride, columnStride, panel, depth, c + i * cStride + first, cStride, width);
  }
}

inline void addProduct(int64_t rows, const float* a, int64_t rowStride, int64_t columnStride, const Panels& b, float* c, int64_t cStride) {
  addProduct(rows, a, rowStride, columnStride, b, c, cStride, {b.columns, 0, b.depth});
}

/** e to the power of x, to about one unit in the seventh place (Cephes's polynomial; Moshier, 1992). */
inline float exponential(float x) {
  x = x > 88.0f ? 88.0f : x;
  x = x < -87.0f ? -87.0f : x;
  const float n = std::floor(x * 1.44269504f + 0.5f);
  const float r = x - n * 0.693359375f + n * 2.12194440e-4f;
  const float p = ((((1.9875691500e-4f * r + 1.3981999507e-3f) * r + 8.3334519073e-3f) * r + 4.1665795894e-2f) * r + 1.6666665459e-1f) * r + 5.0000001201e-1f;
  const int32_t bits = (static_cast<int32_t>(n) + 127) << 23;
  float power;
  std::memcpy(&power, &bits, sizeof(power));
  return (p * r * r + r + 1.0f) * power;
}

/** The largest of some numbers, at least one. */
inline float largestOf(const float* values, int64_t count) {
  float lanes[kWidth];
  for (int l = 0; l < kWidth; l++) lanes[l] = values[0];
  int64_t j = 0;
  for (; j + kWidth <= count; j += kWidth)
    for (int l = 0; l < kWidth; l++) lanes[l] = values[j + l] > lanes[l] ? values[j + l] : lanes[l];
  float largest = lanes[0];
  for (int l = 1; l < kWidth; l++) largest = lanes[l] > largest ? lanes[l] : largest;
  for (; j < count; j++) largest = values[j] > largest ? values[j] : largest;
  return largest;
}

inline float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }
inline float hyperbolicTangent(float x) { return 1.0f - 2.0f / (exponential(2.0f * x) + 1.0f); }

}  // namespace layerwise
