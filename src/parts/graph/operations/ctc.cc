// The loss of connectionist temporal classification (Graves et al., 2006): forward and backward over all alignments.
#include <cmath>
#include <limits>

#include "kernel.h"

namespace layerwise {

namespace {

const double kNever = -std::numeric_limits<double>::infinity();

/** log(eᵃ + eᵇ + eᶜ). */
double logSum(double a, double b, double c) {
  const double most = std::max(a, std::max(b, c));
  if (most == kNever) return kNever;
  return most + std::log(std::exp(static_cast<float>(a - most)) + std::exp(static_cast<float>(b - most)) + std::exp(static_cast<float>(c - most)));
}

/** One sequence. Its states are the labels with a blank before, between and after them. */
class Row {
 public:
  Row(const float* labels, int64_t labelLength, int64_t classes, int64_t blank) : classes_(classes), classOf_(2 * labelLength + 1, blank) {
    for (int64_t i = 0; i < labelLength; i++) classOf_[2 * i + 1] = static_cast<int64_t>(labels[i]);
  }

  /** The loss of logits [time, classes]; its gradient goes into `gradient`. Both are 0 where no alignment is possible. */
  float loss(const float* logits, int64_t time, float* gradient) {
    const int64_t states = classOf_.size();
    logProbabilities(logits, time);
    // Before the first step, in the first blank; its own step is the first that counts.
    before_.assign((time + 1) * states, kNever);
    before_[0] = 0;
    for (int64_t t = 0; t < time; t++)
      for (int64_t s = 0; s < states; s++) {
        const double* last = before_.data() + t * states + s;
        before_[(t + 1) * states + s] = at(t, s) + logSum(last[0], s > 0 ? last[-1] : kNever, canSkipTo(s) ? last[-2] : kNever);
      }
    const double* last = before_.data() + time * states;
    const double total = logSum(last[states - 1], states > 1 ? last[states - 2] : kNever, kNever);
    if (total == kNever) return 0;
    spread(time, total, gradient);
    return static_cast<float>(-total);
  }

 private:
  double at(int64_t t, int64_t s) const { return logs_[t * classes_ + classOf_[s]]; }

  /** Whether the blank before this state may be left out. */
  bool canSkipTo(int64_t s) const { return s > 1 && s % 2 == 1 && classOf_[s] != classOf_[s - 2]; }

  void logProbabilities(const float* logits, int64_t time) {
    logs_.resize(time * classes_);
    for (int64_t t = 0; t < time; t++) {
      const float* row = logits + t * classes_;
      const float most = *std::max_element(row, row + classes_);
      float sum = 0;
      for (int64_t k = 0; k < classes_; k++) sum += std::exp(row[k] - most);
      const float log = std::log(sum);
      for (int64_t k = 0; k < classes_; k++) logs_[t * classes_ + k] = row[k] - most - log;
    }
  }

  /** The softmax less the part of all alignments' probability that has the class at that step. */
  void spread(int64_t time, double total, float* gradient) const {
    const int64_t states = classOf_.size();
    // What follows a state: in the last step, only the last label and the last blank may end.
    std::vector<double> after(states, kNever), next(states);
    for (int64_t s = std::max<int64_t>(0, states - 2); s < states; s++) after[s] = 0;
    for (int64_t t = time - 1; t >= 0; t--) {
      float* out = gradient + t * classes_;
      for (int64_t k = 0; k < classes_; k++) out[k] = std::exp(logs_[t * classes_ + k]);
      for (int64_t s = 0; s < states; s++) out[classOf_[s]] -= std::exp(static_cast<float>(before_[(t + 1) * states + s] + after[s] - total));
      for (int64_t s = 0; s < states; s++) next[s] = after[s] + at(t, s);
      for (int64_t s = 0; s < states; s++)
        after[s] = logSum(next[s], s + 1 < states ? next[s + 1] : kNever, s + 2 < states && canSkipTo(s + 2) ? next[s + 2] : kNever);
    }
  }

  const int64_t classes_;
  std::vector<int64_t> classOf_;
  std::vector<float> logs_;
  /** Log probabilities of all ways to a state, from before the first step to after the last. */
  std::vector<double> before_;
};

bool isWholeFromTo(float value, int64_t from, int64_t to) { return value >= from && value <= to && value == std::floor(value); }

/** Inputs: logits [batch, time, classes], labels [batch, most], their lengths and those of the inputs [batch]. Outputs: losses [batch] and their gradient. */
struct Ctc {
  explicit Ctc(Attributes& attributes) : blank(attributes.count("blank")) {}
  void compute(Call& call) {
    Shape shape, labelShape;
    const float* logits = call.input(0, "logits", 3, &shape);
    const float* labels = call.input(1, "labels", 2, &labelShape);
    if (call.failed()) return;
    const int64_t batch = shape[0], time = shape[1], classes = shape[2], most = labelShape[1];
    if (labelShape[0] != batch) return call.fail("expected labels of " + std::to_string(batch) + " rows, as the logits have, got the shape " + textOf(labelShape));
    if (blank >= classes) return call.fail("expected blank below the number of classes, " + std::to_string(classes) + ", got " + std::to_string(blank));
    const float* labelLengths = call.input(2, "labelLengths", {batch});
    const float* inputLengths = call.input(3, "inputLengths", {batch});
    float* losses = call.output(0, {batch});
    float* gradient = call.output(1, shape);
    if (call.failed() || !areFit(call, batch, "labelLengths", labelLengths, most) || !areFit(call, batch, "inputLengths", inputLengths, time)) return;
    for (int64_t b = 0; b < batch; b++)
      for (int64_t i = 0; i < labelLengths[b]; i++) {
        const float label = labels[b * most + i];
        if (!isWholeFromTo(label, 0, classes - 1) || label == blank)
          return call.fail("expected labels to be class numbers from 0 to " + std::to_string(classes - 1) + " other than the blank, " + std::to_string(blank) + ", got " + std::to_string(label) + " in row " + std::to_string(b));
      }
    std::fill_n(gradient, sizeOf(shape), 0.0f);
    inParallel(batch, 1, [&](int64_t from, int64_t to, int64_t) {
      for (int64_t b = from; b < to; b++) {
        Row row(labels + b * most, static_cast<int64_t>(labelLengths[b]), classes, blank);
        losses[b] = row.loss(logits + b * time * classes, static_cast<int64_t>(inputLengths[b]), gradient + b * time * classes);
      }
    });
  }

  static bool areFit(Call& call, int64_t batch, const char* name, const float* lengths, int64_t most) {
    for (int64_t b = 0; b < batch; b++)
      if (!isWholeFromTo(lengths[b], 0, most)) {
        call.fail(std::string("expected ") + name + " from 0 to " + std::to_string(most) + ", got " + std::to_string(lengths[b]) + " in row " + std::to_string(b));
        return false;
      }
    return true;
  }
  const int64_t blank;
};

}  // namespace

void defineCtc() {
  define<Ctc>("LayerwiseCtc", {"logits: float", "labels: float", "label_lengths: float", "input_lengths: float"}, {"losses: float", "gradient: float"}, {"blank: int >= 0"});
}

}  // namespace layerwise
