// Steps of optimizers over all weights at once, each number read and written a single time. The formulas are those of TensorFlow.js.
#include <cmath>

#include "kernel.h"

namespace layerwise {

namespace {

/** The weights of a model as one long row of numbers, split among threads. `work` gets a list's place and a range in it. */
void overAll(const std::vector<int64_t>& sizes, const std::function<void(size_t, int64_t, int64_t)>& work) {
  int64_t total = 0;
  for (int64_t size : sizes) total += size;
  inParallel(total, 16384, [&](int64_t from, int64_t to, int64_t) {
    int64_t first = 0;
    for (size_t i = 0; i < sizes.size(); first += sizes[i++]) {
      const int64_t start = std::max<int64_t>(0, from - first), end = std::min(sizes[i], to - first);
      if (start < end) work(i, start, end);
    }
  });
}

/** Lists of n inputs each, from an operation's first input on: those of all lists have the shapes of the first, the weights. Outputs of the same shapes. */
struct Lists {
  Lists(Call& call, int64_t n, const std::vector<const char*>& names, int outputLists) : in(names.size()), out(outputLists) {
    for (int64_t i = 0; i < n; i++) {
      Shape shape;
      in[0].push_back(call.any(i, &shape));
      shapes.push_back(shape);
      sizes.push_back(sizeOf(shape));
    }
    for (size_t list = 1; list < names.size(); list++)
      for (int64_t i = 0; i < n && !call.failed(); i++) in[list].push_back(call.input(list * n + i, names[list], shapes[i]));
    for (int list = 0; list < outputLists && !call.failed(); list++)
      for (int64_t i = 0; i < n; i++) out[list].push_back(call.output(list * n + i, shapes[i]));
  }
  std::vector<std::vector<const float*>> in;
  std::vector<std::vector<float*>> out;
  std::vector<Shape> shapes;
  std::vector<int64_t> sizes;
};

/** Adam (Kingma and Ba, 2015). Lists: weights, first moments, second moments, gradients; then rate, beta1 to the t, beta2 to the t. */
struct Adam {
  explicit Adam(Attributes& attributes) : n(attributes.count("n")), beta1(attributes.number("beta1")), beta2(attributes.number("beta2")), epsilon(attributes.number("epsilon")) {}
  void compute(Call& call) {
    Lists lists(call, n, {"weights", "first", "second", "gradients"}, 3);
    const float* rate = call.input(4 * n, "rate", {});
    const float* power1 = call.input(4 * n + 1, "power1", {});
    const float* power2 = call.input(4 * n + 2, "power2", {});
    if (call.failed()) return;
    const float step = *rate, correction1 = 1.0f / (1.0f - *power1), correction2 = 1.0f / (1.0f - *power2);
    overAll(lists.sizes, [&](size_t i, int64_t from, int64_t to) {
      const float *w = lists.in[0][i], *m = lists.in[1][i], *v = lists.in[2][i], *g = lists.in[3][i];
      float *__restrict w1 = lists.out[0][i], *__restrict m1 = lists.out[1][i], *__restrict v1 = lists.out[2][i];
      for (int64_t j = from; j < to; j++) {
        m1[j] = m[j] * beta1 + g[j] * (1.0f - beta1);
        v1[j] = v[j] * beta2 + g[j] * g[j] * (1.0f - beta2);
        w1[j] = w[j] - step * (m1[j] * correction1) / (std::sqrt(v1[j] * correction2) + epsilon);
      }
    });
  }
  const int64_t n;
  const float beta1, beta2, epsilon;
};

/** RMSprop (Tieleman and Hinton, 2012), not centered. Lists: weights, mean squares, momenta, gradients; then the rate. */
struct RmsProp {
  explicit RmsProp(Attributes& attributes) : n(attributes.count("n")), decay(attributes.number("decay")), momentum(attributes.number("momentum")), epsilon(attributes.number("epsilon")) {}
  void compute(Call& call) {
    Lists lists(call, n, {"weights", "squares", "momenta", "gradients"}, 3);
    const float* rate = call.input(4 * n, "rate", {});
    if (call.failed()) return;
    const float step = *rate;
    overAll(lists.sizes, [&](size_t i, int64_t from, int64_t to) {
      const float *w = lists.in[0][i], *s = lists.in[1][i], *m = lists.in[2][i], *g = lists.in[3][i];
      float *__restrict w1 = lists.out[0][i], *__restrict s1 = lists.out[1][i], *__restrict m1 = lists.out[2][i];
      for (int64_t j = from; j < to; j++) {
        s1[j] = s[j] * decay + g[j] * g[j] * (1.0f - decay);
        m1[j] = m[j] * momentum + g[j] * step / std::sqrt(s1[j] + epsilon);
        w1[j] = w[j] - m1[j];
      }
    });
  }
  const int64_t n;
  const float decay, momentum, epsilon;
};

/** Gradient descent with momentum (Polyak, 1964), or Nesterov's (1983). Lists: weights, momenta, gradients; then rate and momentum. */
struct Momentum {
  explicit Momentum(Attributes& attributes) : n(attributes.count("n")), nesterov(attributes.flag("nesterov")) {}
  void compute(Call& call) {
    Lists lists(call, n, {"weights", "momenta", "gradients"}, 2);
    const float* rate = call.input(3 * n, "rate", {});
    const float* given = call.input(3 * n + 1, "momentum", {});
    if (call.failed()) return;
    const float step = *rate, momentum = *given;
    overAll(lists.sizes, [&](size_t i, int64_t from, int64_t to) {
      const float *w = lists.in[0][i], *m = lists.in[1][i], *g = lists.in[2][i];
      float *__restrict w1 = lists.out[0][i], *__restrict m1 = lists.out[1][i];
      for (int64_t j = from; j < to; j++) {
        m1[j] = momentum * m[j] + g[j];
        w1[j] = w[j] - step * (nesterov ? g[j] + m1[j] * momentum : m1[j]);
      }
    });
  }
  const int64_t n;
  const bool nesterov;
};

}  // namespace

void defineOptimizers() {
  define<Adam>("LayerwiseAdam", {"weights: n * float", "first: n * float", "second: n * float", "gradients: n * float", "rate: float", "power1: float", "power2: float"},
               {"new_weights: n * float", "new_first: n * float", "new_second: n * float"}, {"n: int >= 1", "beta1: float", "beta2: float", "epsilon: float"});
  define<RmsProp>("LayerwiseRmsProp", {"weights: n * float", "squares: n * float", "momenta: n * float", "gradients: n * float", "rate: float"},
                  {"new_weights: n * float", "new_squares: n * float", "new_momenta: n * float"}, {"n: int >= 1", "decay: float", "momentum: float", "epsilon: float"});
  define<Momentum>("LayerwiseMomentum", {"weights: n * float", "momenta: n * float", "gradients: n * float", "rate: float", "momentum: float"},
                   {"new_weights: n * float", "new_momenta: n * float"}, {"n: int >= 1", "nesterov: bool"});
}

}  // namespace layerwise
