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

#include "loss.h"
#include "shape.h"

namespace statecast {

struct AdamOptions {
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7;
  bool epsilon_inside = false;  // of the correction, as PyTorch has it
  double weight_decay = 0;      // decoupled, of AdamW
};

struct OnlineOptions {
  Index epochs = 1;
  Index bptt = 1;  // rows of a window: one update a window, gradients stop at its start
  double learning_rate = 1e-3;
  AdamOptions adam;
};

struct UpdateOptions {
  double clip = 0;  // the gradient's norm is at most this; 0 for no limit
  AdamOptions adam;
};

// Parameters are in the outer order of shape.h.
template <class T>
struct Sequences {
  const T* x;                      // [rows, I]
  const T* y;                      // [rows, O]; not read by run()
  const std::int64_t* offsets;     // [S + 1]
  const std::int64_t* of_network;  // [N] which sequence a network sees
};

struct Running {
  Index threads = 1;
  // Called about ten times a second on the calling thread with the epochs done so far; false stops the work.
  std::function<bool(Index epochs_done)> tick;
};

struct TrainOutcome {
  bool stopped = false;         // tick said so
  Index diverged_network = -1;  // the first network whose loss or parameters were not finite, or -1
  Index diverged_epoch = -1;    // that epoch, counted from 0
};

// parameters [N, P]: initial values in, trained ones out. losses: [N, epochs], or [N], the last epoch's, where
// every_epoch is false; an epoch's loss is the mean of its chunks' losses, each before its update.
template <class T>
TrainOutcome train_online(const Shape& shape, Index networks, T* parameters, const Sequences<T>& sequences,
                          const OnlineOptions& options, double* losses, bool every_epoch, const Running& running);

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
  Index targets_, step_ = 0;
  std::unique_ptr<Batch<T>> batch_;
};

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
