// Training, running and differentiating one network on one sequence: the loops over epochs, windows and rows.
#pragma once

#include <atomic>
#include <cmath>

#include "adam.h"
#include "kernels.h"
#include "workspace.h"

namespace statecast::STATECAST_TARGET {

template <class T, int FixedUnits, int Width>
class Online final : public OneStep<T> {
 public:
  using Net = Network<T, FixedUnits, Width, 1>;

  Online(const Shape& shape, Index window, bool learn)
      : shape_(shape),
        net_(shape),
        window_(window),
        shared_(shape, Net::packed_length(shape)),
        space_(shape, window, 1, learn) {}

  // Returns the first epoch whose loss is not finite, or -1.
  Index train(const OnlineOptions& options, T* parameters, const T* x, const T* y, Index rows, double* losses,
              bool every_epoch, const std::atomic<bool>& stop, std::atomic<Index>& epochs_done) {
    read(parameters);
    const Index P = shape_.padded_parameters();
    std::fill_n(shared_.m, P, T(0));
    std::fill_n(shared_.v, P, T(0));
    Adam<T> adam{options.adam};
    const Index windows = (rows + window_ - 1) / window_;
    Index diverged = -1;
    for (Index epoch = 0; epoch < options.epochs && diverged < 0 && !stop.load(std::memory_order_relaxed); ++epoch) {
      zero_state();
      double loss = 0;
      for (Index from = 0; from < rows; from += window_) {
        const Index count = std::min(window_, rows - from);
        loss += window_gradient(x + from * shape_.inputs, y + from * shape_.outputs, count);
        adam.update(shared_.weights.w, space_.g, shared_.m, shared_.v, P, options.learning_rate);
        net_.pack(shared_.weights, window_ > 1);
        carry_state(count);
      }
      losses[every_epoch ? epoch : 0] = loss / double(windows);
      if (!std::isfinite(loss)) diverged = epoch;
      epochs_done.store(epochs_done.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    bool finite = true;
    for_each_parameter(shape_, [&](Index outer, Index inner) {
      parameters[outer] = shared_.weights.w[inner];
      finite = finite && std::isfinite(parameters[outer]);
    });
    if (diverged < 0 && !finite) diverged = options.epochs - 1;  // no loss has seen the last update
    return diverged;
  }

  void run(const T* parameters, const T* x, Index rows, T* h, T* c, T* yhat) {
    start(parameters, h, c);
    for (Index t = 0; t < rows; ++t) step(x + t * shape_.inputs, yhat + t * shape_.outputs);
    state(h, c);
  }

  void start(const T* parameters, const T* h, const T* c) override {
    read(parameters);
    read_state(h, c);
  }

  void step(const T* x, T* yhat) override {
    read_inputs(x, 1);
    net_.forward(shared_.weights, space_.tape, 0, 1);
    std::copy_n(space_.tape.e, shape_.outputs, yhat);
    carry_state(1);
  }

  void state(T* h, T* c) const override {
    for (Index l = 0; l < shape_.layers; ++l) {
      std::copy_n(net_.state(space_.tape, space_.tape.h, l, 0), shape_.units, h + l * shape_.units);
      std::copy_n(net_.state(space_.tape, space_.tape.c, l, 0), shape_.units, c + l * shape_.units);
    }
  }

  T gradient(const T* parameters, const T* x, const T* y, Index rows, const T* h, const T* c, T* gradient) {
    read(parameters);
    read_state(h, c);
    const T loss = window_gradient(x, y, rows);
    for_each_parameter(shape_, [&](Index outer, Index inner) { gradient[outer] = space_.g[inner]; });
    return loss;
  }

 private:
  void read(const T* parameters) {
    std::fill_n(shared_.weights.w, shape_.padded_parameters(), T(0));
    for_each_parameter(shape_, [&](Index outer, Index inner) { shared_.weights.w[inner] = parameters[outer]; });
    net_.pack(shared_.weights, window_ > 1);
  }

  void zero_state() {
    for (Index l = 0; l < shape_.layers; ++l) {
      std::fill_n(net_.state(space_.tape, space_.tape.h, l, 0), shape_.unit_row(), T(0));
      std::fill_n(net_.state(space_.tape, space_.tape.c, l, 0), shape_.unit_row(), T(0));
    }
  }

  void read_state(const T* h, const T* c) {
    zero_state();
    for (Index l = 0; l < shape_.layers; ++l) {
      std::copy_n(h + l * shape_.units, shape_.units, net_.state(space_.tape, space_.tape.h, l, 0));
      std::copy_n(c + l * shape_.units, shape_.units, net_.state(space_.tape, space_.tape.c, l, 0));
    }
  }

  // The state after the window becomes the state before the next one.
  void carry_state(Index count) {
    for (Index l = 0; l < shape_.layers; ++l)
      for (T* of : {space_.tape.h, space_.tape.c})
        std::copy_n(net_.state(space_.tape, of, l, count), shape_.unit_row(), net_.state(space_.tape, of, l, 0));
  }

  void read_inputs(const T* x, Index count) {
    for (Index t = 0; t < count; ++t)
      std::copy_n(x + t * shape_.inputs, shape_.inputs, space_.tape.x + t * shape_.input_row());
  }

  // Forward and backward over `count` rows; fills g and returns the window's loss.
  T window_gradient(const T* x, const T* y, Index count) {
    const Index O = shape_.outputs, row = shape_.padded_outputs();
    T squares = 0;
    read_inputs(x, count);
    for (Index t = 0; t < count; ++t) {
      net_.forward(shared_.weights, space_.tape, t, 1);
      T* e = space_.tape.e + t * row;
      for (Index o = 0; o < O; ++o) {
        const T error = e[o] - y[t * O + o];
        squares = fma_one(error, error, squares);
        e[o] = T(2) * error / T(count * O);
      }
    }
    net_.backward(shared_.weights, space_.tape, count, 1, space_.g);
    return squares / T(count * O);
  }

  Shape shape_;
  Net net_;
  Index window_;
  Shared<T> shared_;
  Space<T> space_;
};

}  // namespace statecast::STATECAST_TARGET
