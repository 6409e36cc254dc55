// What each instruction set provides: the work on one network.
#pragma once

#include <atomic>
#include <memory>

#include "core.h"
#include "loss.h"

namespace statecast {

// Steps from .. from + K of M sequences, which [M], as chunk number `chunk` of a mini-batch. The state goes on from the
// window before unless from is 0.
struct Piece {
  Index chunk;
  const std::int64_t* which;
  Index M, from, K;
};

// The work on the mini-batches of one network; see batched.h. Chunks are independent of each other until update().
template <class T>
class Batch {
 public:
  virtual ~Batch() = default;
  virtual void read(const T* parameters) = 0;
  virtual void write(T* parameters) const = 0;
  // Of dropout's masks, for the windows to come.
  virtual void start_epoch(Index epoch) = 0;
  // The sum of weighted losses of a piece. With `learn`, the chunk's gradient, times scale, is made ready.
  virtual double gradient(const Piece& piece, double scale, bool learn) = 0;
  // h, c [S, L, H]: where the sequences start from, and end; yhat [S, T, O].
  virtual void run(const Piece& piece, T* h, T* c, T* yhat) = 0;
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

struct BatchPlan {
  Loss loss;
  Dropout dropout;
  Index window, chunks, most_sequences;  // steps of a window; chunks of a mini-batch, sequences of a chunk at most
  bool learn;
};

template <class T>
using MakeBatch = std::unique_ptr<Batch<T>> (*)(const Shape&, const BatchData<T>&, const BatchPlan&);

// A network that is trained online, and where its results go. Held-out rows follow those that it learns from.
template <class T>
struct Pupil {
  T* parameters;
  const T *x, *y, *weights;
  double *losses, *held_out_losses;
  NetworkOutcome* outcome;
};

struct Rows {
  Index learnt, held_out;
};

template <class T>
struct Kernels {
  // One network, or up to `lanes` small ones whose rows are equally many, with the same bits; see lanes.h. Adds to
  // epochs_done as it goes.
  void (*train)(const Shape&, const OnlineOptions&, const Pupil<T>*, Index count, Rows rows, bool every_epoch,
                const std::atomic<bool>& stop, std::atomic<Index>& epochs_done);
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
