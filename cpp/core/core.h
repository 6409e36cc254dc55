// The interface of the core: what the bindings call. Arrays are row-major and owned by the caller.
//
// N networks of one shape; each is trained on, or run over, one of S sequences of rows that lie one after another:
// sequence s has the rows offsets[s] .. offsets[s + 1]. Networks are independent: the numbers of one do not depend on
// the others, nor on the number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dropout.h"
#include "loss.h"
#include "shape.h"

namespace statecast {

struct AdamOptions {
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7;
  bool epsilon_inside = false;  // of the correction, as PyTorch has it
  double weight_decay = 0;      // decoupled, of AdamW
};

struct UpdateOptions {
  double clip = 0;  // the gradient's norm is at most this; 0 for no limit
  AdamOptions adam;
};

// A learning rate for each update: rising in equal steps over `warm_up` of them, then the highest, or from there along
// half a cosine down to `floor`.
struct Schedule {
  double highest = 1e-3;
  bool cosine = false;
  Index warm_up = 0;
  double floor = 0;

  [[gnu::always_inline]] double rate(Index update, Index updates) const {
    return cosine || warm_up > 0 ? changing_rate(update, updates) : highest;
  }
  double changing_rate(Index update, Index updates) const;
};

struct OnlineOptions {
  Index epochs = 1;
  Index bptt = 1;      // rows of a window: one update a window, gradients stop at its start
  Index patience = 0;  // epochs without a smaller loss on held-out rows, after which training ends; 0: all epochs
  Schedule schedule;
  Loss loss;
  UpdateOptions update;
};

// Parameters are in the outer order of shape.h.
template <class T>
struct Sequences {
  const T* x;                      // [rows, I]
  const std::int64_t* offsets;     // [S + 1]
  const std::int64_t* of_network;  // [N] which sequence a network sees
};

// What rows are to give, with Y = O / the loss's outputs per target.
template <class T>
struct Targets {
  const T* y;                              // [rows, Y]
  const T* weights = nullptr;              // [rows, Y] of the loss; null: all are one
  const std::int64_t* held_out = nullptr;  // [S] how many of a sequence's last rows are not trained on; null: none
};

struct Running {
  Index threads = 1;
  // Called about ten times a second on the calling thread with the epochs done so far; false stops the work.
  std::function<bool(Index epochs_done)> tick;
};

// Epochs are counted from 0.
struct NetworkOutcome {
  std::int64_t epochs = 0;     // done
  std::int64_t best = -1;      // the one of the smallest loss on held-out rows, or -1
  std::int64_t diverged = -1;  // the one whose loss or parameters were not finite, or -1
};

// Losses are [N, epochs], or [N], the last epoch's, where every_epoch is false. An epoch's loss is the mean of its
// windows' losses, each before its update.
struct OnlineResults {
  double* losses;
  double* held_out_losses;  // null where no rows are held out
  bool every_epoch;
  NetworkOutcome* outcomes;  // [N]
};

// parameters [N, P]: initial values in, trained ones out: those of the smallest loss on held-out rows, where there are
// such, else the last that were finite. Returns false where the tick stopped it.
template <class T>
bool train_online(const Shape& shape, Index networks, T* parameters, const Sequences<T>& sequences,
                  const Targets<T>& targets, const OnlineOptions& options, const OnlineResults& results,
                  const Running& running);

// h, c [N, L, H]: state before the first row in, after the last row out. yhat: network n writes its rows [rows_n, O] at
// row starts[n].
template <class T>
void run(const Shape& shape, Index networks, const T* parameters, const Sequences<T>& sequences, T* h, T* c, T* yhat,
         const std::int64_t* starts, const Running& running);

// Loss (mean squared error over rows and outputs) of one chunk that starts from h, c [L, H], and its gradient [P].
template <class T>
T gradient(const Shape& shape, const T* parameters, const T* x, const T* y, Index rows, const T* h, const T* c,
           T* gradient);

// S sequences of T steps for one network, [S, T, ..]; targets Y = O / the loss's outputs per target.
template <class T>
struct BatchData {
  Index sequences, steps;
  const T* x;                    // [S, T, I]
  const T* y;                    // [S, T, Y]
  const unsigned char* present;  // [S, T] 0: no step, the state passes through; null: all are
  const T* weights;              // [S, T, Y] of the loss; null: all are one
};

struct BatchOptions {
  Index batch = 32;  // sequences of a mini-batch
  Index window = 0;  // steps of truncated backpropagation, one update a window; 0 for whole sequences
  Loss loss;
  UpdateOptions update;
  Dropout dropout;
};

template <class T>
class OneStep;  // kernels.h

// A network that goes on step by step; it owns its state and its buffers, and a step allocates nothing.
template <class T>
class Stepper {
 public:
  // h, c [L, H]: where to start from.
  Stepper(const Shape& shape, const T* parameters, const T* h, const T* c);
  ~Stepper();

  void step(const T* x, T* yhat);  // x [I], yhat [O]
  void state(T* h, T* c) const;    // [L, H]

 private:
  std::unique_ptr<OneStep<T>> network_;
};

struct EpochOutcome {
  double loss = 0;  // mean over updates of the window's loss before the update
  Index updates = 0;
  bool stopped = false, finite = true;
};

template <class T>
class Batch;  // kernels.h

// Training of one network on many sequences, epoch by epoch; it owns all buffers of numbers.
template <class T>
class BatchedTrainer {
 public:
  // parameters [P]: where to start from. The data must outlive the trainer.
  BatchedTrainer(const Shape& shape, const T* parameters, const BatchData<T>& data, const BatchOptions& options);
  ~BatchedTrainer();

  // One pass over sequences in the given order, [count]; rates: a learning rate for each update, [updates(count)]. Where
  // something is not finite the parameters stay as they were before that update.
  EpochOutcome epoch(const std::int64_t* order, Index count, const double* rates, const Running& running);
  void parameters(T* to) const;
  Index updates(Index count) const;

 private:
  BatchData<T> data_;
  BatchOptions options_;
  Index targets_, step_ = 0, epoch_ = 0;
  std::unique_ptr<Batch<T>> batch_;
};

// One network over S sequences: h, c [S, L, H] in and out, yhat [S, T, O], NaN where a step is not there. data.y and
// data.weights are not read. The bits of a sequence are those of run().
template <class T>
void run_batched(const Shape& shape, const T* parameters, const BatchData<T>& data, T* h, T* c, T* yhat,
                 const Running& running);

// Loss of whole sequences; gradient [P] is filled where it is not null.
template <class T>
double batched_loss(const Shape& shape, const T* parameters, const BatchData<T>& data, const Loss& loss, T* gradient,
                    const Running& running);

// Instruction sets that this machine can run, best first, and the one in use.
std::vector<std::string> instruction_sets();
std::string instruction_set();
// Throws std::invalid_argument when this machine cannot run it.
void use_instruction_set(const std::string& name);

}  // namespace statecast
