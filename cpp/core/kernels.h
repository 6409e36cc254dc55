// What each instruction set provides: the work on one network.
#pragma once

#include <atomic>
#include <memory>

#include "core.h"
#include "loss.h"

namespace statecast {

// The work on the mini-batches of one network; see batched.h. Chunks are independent of each other until update().
template <class T>
class Batch {
 public:
  virtual ~Batch() = default;
  virtual void read(const T* parameters) = 0;
  virtual void write(T* parameters) const = 0;
  // Steps from .. from + K of M sequences as chunk number `chunk`; returns the sum of weighted losses. The state goes on
  // from the window before unless from is 0. With `learn`, the chunk's gradient, times scale, is made ready.
  virtual double gradient(Index chunk, const std::int64_t* which, Index M, Index from, Index K, double scale,
                          bool learn) = 0;
  // Returns false, and changes nothing, where the gradient is not finite.
  virtual bool update(Index chunks, const UpdateOptions& options, Index step, double learning_rate) = 0;
  virtual void gradient_of(Index chunks, T* to) = 0;  // the sum, in the outer order
};

// One network, one sequence, step by step; see online.h.
template <class T>
class OneStep {
 public:
  virtual ~OneStep() = default;
  virtual void start(const T* parameters, const T* h, const T* c) = 0;
  virtual void step(const T* x, T* yhat) = 0;
  virtual void state(T* h, T* c) const = 0;
};

template <class T>
using MakeBatch = std::unique_ptr<Batch<T>> (*)(const Shape&, const BatchData<T>&, const Loss&, Index window,
                                                Index chunks, Index most_sequences, bool learn);

// One of the networks that are trained side by side.
template <class T>
struct Lane {
  T* parameters;
  const T *x, *y;
  double* losses;
};

template <class T>
struct Kernels {
  // Returns the first epoch whose loss or last update is not finite, or -1; adds to epochs_done as it goes.
  Index (*train)(const Shape&, const OnlineOptions&, T* parameters, const T* x, const T* y, Index rows, double* losses,
                 bool every_epoch, const std::atomic<bool>& stop, std::atomic<Index>& epochs_done);
  // Up to `lanes` networks at once, the same bits; see lanes.h.
  void (*train_lanes)(const Shape&, const OnlineOptions&, const Lane<T>*, Index count, Index rows, bool every_epoch,
                      Index* diverged, const std::atomic<bool>& stop, std::atomic<Index>& epochs_done);
  Index lanes;
  void (*run)(const Shape&, const T* parameters, const T* x, Index rows, T* h, T* c, T* yhat);
  T (*gradient)(const Shape&, const T* parameters, const T* x, const T* y, Index rows, const T* h, const T* c,
                T* gradient);
  MakeBatch<T> make_batch;
  std::unique_ptr<OneStep<T>> (*make_stepper)(const Shape&);
};

struct Target {
  const char* name;
  Kernels<float> of_float;
  Kernels<double> of_double;
};

// Those of the instruction set in use.
template <class T>
const Kernels<T>& kernels();
template <>
const Kernels<float>& kernels();
template <>
const Kernels<double>& kernels();

extern const Target kPortable;
#if defined(__x86_64__)
extern const Target kBaseline, kAvx2, kAvx512;
#endif

}  // namespace statecast
