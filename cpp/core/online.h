// Training, running and differentiating one network: the loops over epochs, chunks and rows.
//
// Buffers of a Workspace, carved from one allocation (U padded units, P padded parameters, K rows of a chunk):
//   w, m, v, g [P]   a [K, 4U]   c, h [K + 1, U] row 0 is the state before the chunk   s [K, U]   e [K, O] yhat, then
//   dL/dyhat   da [4U]   dh, dc [U]
#pragma once

#include <atomic>
#include <cmath>
#include <vector>

#include "adam.h"
#include "lstm.h"

namespace statecast::STATECAST_TARGET {

template <class T, int FixedUnits>
class Online {
 public:
  Online(const Shape& shape, Index chunk) : cell_{shape}, chunk_(chunk), memory_(length() + kBlock) {
    constexpr std::size_t line = kBlock * sizeof(T);  // rows start on a vector's boundary
    const auto address = reinterpret_cast<std::uintptr_t>(memory_.data());
    T* next = memory_.data() + ((line - address % line) % line) / sizeof(T);
    const Index U = U_(), P = P_();
    const auto take = [&next](Index n) {
      T* at = next;
      next += round_up(n, kBlock);
      return at;
    };
    w_ = take(P), m_ = take(P), v_ = take(P), g_ = take(P);
    a_ = take(chunk * 4 * U), c_ = take((chunk + 1) * U), h_ = take((chunk + 1) * U), s_ = take(chunk * U);
    e_ = take(chunk * shape.outputs), da_ = take(4 * U), dh_ = take(U), dc_ = take(U);
  }

  // Returns the first epoch whose loss is not finite (the last one where its update is not), or -1.
  Index train(const OnlineOptions& options, T* parameters, const T* x, const T* y, Index rows, double* losses,
              bool every_epoch, const std::atomic<bool>& stop, std::atomic<Index>& epochs_done) {
    read(parameters);
    Adam<T> adam{options.adam};
    const Index chunks = (rows + chunk_ - 1) / chunk_;
    Index diverged = -1;
    for (Index epoch = 0; epoch < options.epochs && diverged < 0 && !stop.load(std::memory_order_relaxed); ++epoch) {
      zero_state();
      double loss = 0;
      for (Index from = 0; from < rows; from += chunk_) {
        const Index count = std::min(chunk_, rows - from);
        loss += chunk_gradient(x + from * shape().inputs, y + from * shape().outputs, count);
        adam.update(w_, g_, m_, v_, P_());
        carry_state(count);
      }
      losses[every_epoch ? epoch : 0] = loss / double(chunks);
      if (!std::isfinite(loss)) diverged = epoch;
      epochs_done.store(epochs_done.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    bool finite = true;
    for_each_parameter(shape(), [&](Index outer, Index inner) {
      parameters[outer] = w_[inner];
      finite = finite && std::isfinite(w_[inner]);
    });
    if (diverged < 0 && !finite) diverged = options.epochs - 1;  // no loss has seen the last update
    return diverged;
  }

  void run(const T* parameters, const T* x, Index rows, T* h, T* c, T* yhat) {
    read(parameters);
    read_state(h, c);
    for (Index t = 0; t < rows; ++t) {
      cell_.forward(w_, x + t * shape().inputs, h_, c_, a_, c_ + U_(), s_, h_ + U_());
      cell_.head(w_, h_ + U_(), yhat + t * shape().outputs);
      carry_state(1);
    }
    std::copy_n(h_, shape().units, h);
    std::copy_n(c_, shape().units, c);
  }

  T gradient(const T* parameters, const T* x, const T* y, Index rows, const T* h, const T* c, T* gradient) {
    read(parameters);
    read_state(h, c);
    const T loss = chunk_gradient(x, y, rows);
    for_each_parameter(shape(), [&](Index outer, Index inner) { gradient[outer] = g_[inner]; });
    return loss;
  }

 private:
  const Shape& shape() const { return cell_.shape; }
  Index U_() const { return cell_.units(); }
  Index P_() const { return shape().padded_parameters(); }

  Index length() const {
    const Index U = U_(), K = chunk_;
    return 4 * P_() + round_up(K * 4 * U, kBlock) + 2 * round_up((K + 1) * U, kBlock) + round_up(K * U, kBlock) +
           round_up(K * shape().outputs, kBlock) + 4 * U + 2 * round_up(U, kBlock);
  }

  void read(const T* parameters) {
    std::fill_n(w_, 3 * P_(), T(0));  // w, m and v lie one after another
    for_each_parameter(shape(), [&](Index outer, Index inner) { w_[inner] = parameters[outer]; });
  }

  void zero_state() {
    std::fill_n(h_, U_(), T(0));
    std::fill_n(c_, U_(), T(0));
  }

  void read_state(const T* h, const T* c) {
    zero_state();
    std::copy_n(h, shape().units, h_);
    std::copy_n(c, shape().units, c_);
  }

  // The state after the chunk becomes the state before the next one.
  void carry_state(Index count) {
    std::copy_n(h_ + count * U_(), U_(), h_);
    std::copy_n(c_ + count * U_(), U_(), c_);
  }

  // Forward and backward over `count` rows; fills g_ and returns the chunk's loss.
  T chunk_gradient(const T* x, const T* y, Index count) {
    const Index U = U_(), N = cell_.row(), I = shape().inputs, O = shape().outputs;
    T squares = 0;
    for (Index t = 0; t < count; ++t) {
      cell_.forward(w_, x + t * I, h_ + t * U, c_ + t * U, a_ + t * N, c_ + (t + 1) * U, s_ + t * U, h_ + (t + 1) * U);
      cell_.head(w_, h_ + (t + 1) * U, e_ + t * O);
      for (Index o = 0; o < O; ++o) {
        const T error = e_[t * O + o] - y[t * O + o];
        squares = fma_one(error, error, squares);
        e_[t * O + o] = T(2) * error / T(count * O);
      }
    }
    std::fill_n(dh_, U, T(0));
    std::fill_n(dc_, U, T(0));
    for (Index t = count - 1; t >= 0; --t)
      cell_.backward(w_, x + t * I, h_ + t * U, c_ + t * U, a_ + t * N, s_ + t * U, h_ + (t + 1) * U, e_ + t * O, g_,
                     da_, dh_, dc_, t == count - 1, t > 0);
    return squares / T(count * O);
  }

  Cell<T, FixedUnits> cell_;
  Index chunk_;
  std::vector<T> memory_;
  T *w_, *m_, *v_, *g_, *a_, *c_, *h_, *s_, *e_, *da_, *dh_, *dc_;
};

}  // namespace statecast::STATECAST_TARGET
