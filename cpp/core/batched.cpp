// Mini-batches of one network over threads. A mini-batch is cut into chunks of a fixed number of sequences; threads share
// the chunks, wait for each other, and the last to arrive sums them in order and makes the update.
#include <algorithm>
#include <barrier>
#include <cmath>
#include <numeric>
#include <vector>

#include "core.h"
#include "kernels.h"
#include "parallel.h"

namespace statecast {
namespace {

constexpr Index kWindow = 16;  // steps that are run at a time where nothing is learnt
constexpr Index kChunk = 32;   // sequences: enough rows for a matrix product, and work for more than one thread

Index ceil_divide(Index n, Index by) { return (n + by - 1) / by; }

struct Window {
  Index first, count;  // sequences order[first] .. order[first + count]
  Index from, steps;
};

std::vector<Window> windows_of(Index count, Index steps, Index batch, Index window) {
  std::vector<Window> windows;
  for (Index first = 0; first < count; first += batch)
    for (Index from = 0; from < steps; from += window)
      windows.push_back({first, std::min(batch, count - first), from, std::min(window, steps - from)});
  return windows;
}

// The sum of the weights of a window: what its loss is divided by.
template <class T>
double weight_of(const BatchData<T>& data, Index targets, const std::int64_t* order, const Window& window) {
  if (data.present == nullptr && data.weights == nullptr) return double(window.count * window.steps * targets);
  double sum = 0;
  for (Index n = 0; n < window.count; ++n) {
    for (Index t = 0; t < window.steps; ++t) {
      const Index at = order[window.first + n] * data.steps + window.from + t;
      if (data.present != nullptr && data.present[at] == 0) continue;
      for (Index k = 0; k < targets; ++k) sum += data.weights == nullptr ? 1 : double(data.weights[at * targets + k]);
    }
  }
  return sum;
}

// Calls chunk(window, c) for every chunk of every window, spread over threads, and done(window) after each window.
// done() says whether to go on.
template <class Chunk, class Done>
bool for_each_window(const std::vector<Window>& windows, const Running& running, Chunk chunk, Done done) {
  Index most = 1;
  for (const Window& w : windows) most = std::max(most, ceil_divide(w.count, kChunk));
  Running team = running;
  team.threads = std::clamp<Index>(running.threads, 1, most);
  std::size_t current = 0;
  bool going = !windows.empty();
  const std::atomic<bool>* stop = nullptr;
  const auto next = [&]() noexcept {
    going = done(windows[current]) && ++current < windows.size() && !stop->load(std::memory_order_relaxed);
  };
  std::barrier barrier(team.threads, next);
  return as_team(team, [&](Index worker, Index workers, const std::atomic<bool>& stopping, std::atomic<Index>&) {
    if (worker == 0) {
      stop = &stopping;
      for (Index missing = workers; missing < team.threads; ++missing) barrier.arrive_and_drop();
    }
    while (going) {
      const Window& window = windows[current];
      for (Index c = worker; c < ceil_divide(window.count, kChunk); c += workers) chunk(window, c);
      barrier.arrive_and_wait();
    }
  });
}

}  // namespace

template <class T>
BatchedTrainer<T>::BatchedTrainer(const Shape& shape, const T* parameters, const BatchData<T>& data,
                                  const BatchOptions& options)
    : data_(data), options_(options), targets_(shape.outputs / options.loss.outputs_per_target()) {
  options_.window = options.window > 0 ? std::min(options.window, data.steps) : data.steps;
  options_.batch = std::min(options.batch, data.sequences);
  batch_ = kernels<T>().make_batch(shape, data,
                                   {options.loss, options.dropout, options_.window, ceil_divide(options_.batch, kChunk),
                                    std::min(kChunk, options_.batch), true});
  batch_->read(parameters);
}

template <class T>
BatchedTrainer<T>::~BatchedTrainer() = default;

template <class T>
Index BatchedTrainer<T>::updates(Index count) const {
  return ceil_divide(count, options_.batch) * ceil_divide(data_.steps, options_.window);
}

template <class T>
void BatchedTrainer<T>::parameters(T* to) const {
  batch_->write(to);
}

template <class T>
EpochOutcome BatchedTrainer<T>::epoch(const std::int64_t* order, Index count, const double* rates,
                                      const Running& running) {
  const auto windows = windows_of(count, data_.steps, options_.batch, options_.window);
  std::vector<double> sums(std::size_t(ceil_divide(options_.batch, kChunk)), 0.0), weights;
  for (const Window& w : windows) weights.push_back(weight_of(data_, targets_, order, w));
  batch_->start_epoch(epoch_++);
  EpochOutcome outcome;
  double total = 0;
  const auto chunk = [&](const Window& w, Index c) {
    const double weight = weights[std::size_t(&w - windows.data())];
    const Index first = c * kChunk;
    const Piece piece{c, order + w.first + first, std::min(kChunk, w.count - first), w.from, w.steps};
    sums[std::size_t(c)] = batch_->gradient(piece, weight > 0 ? 1 / weight : 0, true);
  };
  const auto done = [&](const Window& w) {
    const std::size_t at = std::size_t(&w - windows.data());
    if (weights[at] <= 0) return true;  // nothing to learn from
    double sum = 0;
    for (Index c = 0; c < ceil_divide(w.count, kChunk); ++c) sum += sums[std::size_t(c)];
    outcome.finite =
        std::isfinite(sum) && batch_->update(ceil_divide(w.count, kChunk), options_.update, step_, rates[at]);
    if (!outcome.finite) return false;
    total += sum / weights[at];
    ++step_;
    ++outcome.updates;
    return true;
  };
  outcome.stopped = !for_each_window(windows, running, chunk, done);
  outcome.loss = outcome.updates > 0 ? total / double(outcome.updates) : 0;
  return outcome;
}

template <class T>
double batched_loss(const Shape& shape, const T* parameters, const BatchData<T>& data, const Loss& loss, T* gradient,
                    const Running& running) {
  const Index targets = shape.outputs / loss.outputs_per_target(), N = data.sequences;
  const bool learn = gradient != nullptr;
  std::vector<std::int64_t> order(std::size_t(N), 0);
  std::iota(order.begin(), order.end(), 0);
  // A gradient needs all steps of all chunks at once; a loss goes on in short windows, some chunks at a time.
  const Index window = learn ? data.steps : std::min(data.steps, kWindow);
  const Index chunks = ceil_divide(learn ? N : std::min(N, running.threads * kChunk), kChunk);
  const auto batch = kernels<T>().make_batch(shape, data, {loss, {}, window, chunks, std::min(kChunk, N), learn});
  batch->read(parameters);
  const double weight = weight_of(data, targets, order.data(), {0, N, 0, data.steps});
  const double scale = weight > 0 ? 1 / weight : 0;
  std::vector<double> sums(std::size_t(ceil_divide(N, kChunk)), 0.0);
  for_each_window(
      windows_of(N, data.steps, chunks * kChunk, window), running,
      [&](const Window& w, Index c) {
        const Index first = w.first + c * kChunk;
        const Piece piece{c, order.data() + first, std::min(kChunk, w.count - c * kChunk), w.from, w.steps};
        sums[std::size_t(first / kChunk)] += batch->gradient(piece, scale, learn);
      },
      [](const Window&) { return true; });
  if (learn) batch->gradient_of(chunks, gradient);
  return scale * std::accumulate(sums.begin(), sums.end(), 0.0);
}

template <class T>
void run_batched(const Shape& shape, const T* parameters, const BatchData<T>& data, T* h, T* c, T* yhat,
                 const Running& running) {
  const Index N = data.sequences, window = std::min(data.steps, kWindow);
  std::vector<std::int64_t> order(std::size_t(N), 0);
  std::iota(order.begin(), order.end(), 0);
  const Index chunks = ceil_divide(std::min(N, running.threads * kChunk), kChunk);
  const auto batch = kernels<T>().make_batch(shape, data, {{}, {}, window, chunks, std::min(kChunk, N), false});
  batch->read(parameters);
  for_each_window(
      windows_of(N, data.steps, chunks * kChunk, window), running,
      [&](const Window& w, Index k) {
        const Index first = w.first + k * kChunk;
        batch->run({k, order.data() + first, std::min(kChunk, w.count - k * kChunk), w.from, w.steps}, h, c, yhat);
      },
      [](const Window&) { return true; });
}

#define STATECAST_INSTANTIATE(T)                                                                                       \
  template class BatchedTrainer<T>;                                                                                    \
  template void run_batched(const Shape&, const T*, const BatchData<T>&, T*, T*, T*, const Running&);                  \
  template double batched_loss(const Shape&, const T*, const BatchData<T>&, const Loss&, T*, const Running&);
STATECAST_INSTANTIATE(float)
STATECAST_INSTANTIATE(double)

}  // namespace statecast
