// The interface of the core: what the bindings call. Arrays are row-major and owned by the caller.
//
// N networks of one shape; each is trained on, or run over, one of S sequences of rows that lie one after another:
// sequence s has the rows offsets[s] .. offsets[s + 1]. Networks are independent: the numbers of one do not depend on
// the others, nor on the number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "shape.h"

namespace statecast {

struct AdamOptions {
  double learning_rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7;
};

struct OnlineOptions {
  Index epochs = 1;
  Index bptt = 1;  // rows of a chunk: one update a chunk, gradients stop at its start
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

// h, c [N, H]: state before the first row in, after the last row out. yhat: network n writes its rows [rows_n, O] at
// row starts[n].
template <class T>
void run(const Shape& shape, Index networks, const T* parameters, const Sequences<T>& sequences, T* h, T* c, T* yhat,
         const std::int64_t* starts, const Running& running);

// Loss (mean squared error over rows and outputs) of one chunk that starts from h, c [H], and its gradient [P].
template <class T>
T gradient(const Shape& shape, const T* parameters, const T* x, const T* y, Index rows, const T* h, const T* c,
           T* gradient);

// Instruction sets that this machine can run, best first, and the one in use.
std::vector<std::string> instruction_sets();
std::string instruction_set();
// Throws std::invalid_argument when this machine cannot run it.
void use_instruction_set(const std::string& name);

}  // namespace statecast
