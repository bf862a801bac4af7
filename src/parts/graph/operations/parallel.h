// Work split among the processor's threads. TensorFlow doesn't lend its own to kernels of its C interface.
#pragma once
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace layerwise {

/** One job in pieces: whoever has time takes the next piece. */
struct Job {
  const std::function<void(int64_t, int64_t, int64_t)>* work;
  int64_t count, pieces;
  std::atomic<int64_t> next{0}, done{0};
  std::mutex mutex;
  std::condition_variable finished;

  void help() {
    for (int64_t piece = next++; piece < pieces; piece = next++) {
      (*work)(count * piece / pieces, count * (piece + 1) / pieces, piece);
      if (++done == pieces) {
        const std::lock_guard<std::mutex> lock(mutex);
        finished.notify_all();
      }
    }
  }
};

/** Threads that wait for jobs. They live as long as the process: a thread that sleeps is woken faster than one is made. */
class Helpers {
 public:
  static Helpers& all() {
    static Helpers* helpers = new Helpers();
    return *helpers;
  }
  int64_t count() const { return count_; }
  void call(const std::shared_ptr<Job>& job, int64_t wanted) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      for (int64_t i = 0; i < wanted; i++) jobs_.push_back(job);
    }
    for (int64_t i = 0; i < wanted; i++) ready_.notify_one();
  }

 private:
  Helpers() : count_(std::max(1u, std::thread::hardware_concurrency()) - 1) {
    for (int64_t i = 0; i < count_; i++) std::thread([this] { serve(); }).detach();
  }
  void serve() {
    for (;;) {
      std::unique_lock<std::mutex> lock(mutex_);
      ready_.wait(lock, [this] { return !jobs_.empty(); });
      const std::shared_ptr<Job> job = jobs_.front();
      jobs_.pop_front();
      lock.unlock();
      job->help();
    }
  }
  const int64_t count_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::shared_ptr<Job>> jobs_;
};

/** The number of pieces into which `count` is cut, each of at least `grain`: the same on one machine each time. */
inline int64_t piecesOf(int64_t count, int64_t grain) {
  const int64_t helpers = Helpers::all().count();
  return helpers < 1 ? 1 : std::max<int64_t>(1, std::min(4 * (helpers + 1), count / std::max<int64_t>(1, grain)));
}

/** Calls `work(from, to, piece)` for pieces of [0, count) on all processors, and returns when all is done. */
inline void inParallel(int64_t count, int64_t grain, const std::function<void(int64_t, int64_t, int64_t)>& work) {
  const int64_t pieces = piecesOf(count, grain);
  if (pieces == 1) return work(0, count, 0);
  const auto job = std::make_shared<Job>();
  job->work = &work;
  job->count = count;
  job->pieces = pieces;
  Helpers::all().call(job, std::min(Helpers::all().count(), pieces - 1));
  job->help();
  std::unique_lock<std::mutex> lock(job->mutex);
  job->finished.wait(lock, [&] { return job->done == pieces; });
}

}  // namespace layerwise
