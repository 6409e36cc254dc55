// Training, running and differentiating one network on one sequence: the loops over epochs, windows and rows.
#pragma once

#include <atomic>
#include <cmath>

#include "adam.h"
#include "kernels.h"
#include "watch.h"
#include "workspace.h"

namespace statecast::STATECAST_TARGET {

template <class T, int FixedUnits, int Width>
class Online final : public OneStep<T> {
 public:
  using Net = Network<T, FixedUnits, Width, 1>;

  Online(const Shape& shape, Index window, bool learn, Index outputs_per_target = 1)
      : shape_(shape),
        net_(shape),
        window_(window),
        targets_(shape.outputs / outputs_per_target),
        shared_(shape, Net::packed_length(shape), learn),
        space_(shape, window, 1, learn) {}

  void train(const OnlineOptions& options, const Pupil<T>& pupil, Rows rows, bool every_epoch,
             const std::atomic<bool>& stop, std::atomic<Index>& epochs_done) {
    const Index P = shape_.padded_parameters();
    std::vector<T> kept(std::size_t(P), T(0));
    read(pupil.parameters);
    std::copy_n(shared_.weights.w, P, kept.data());
    std::fill_n(shared_.m, P, T(0));
    std::fill_n(shared_.v, P, T(0));
    const Window all{pupil.x, pupil.y, pupil.weights, rows.learnt};
    const Window held_out = part_of(all, rows.learnt, rows.held_out);
    const double held_out_weight = weight_of(held_out);
    Adam<T> adam{options.update.adam};
    Watch watch;
    Index update = 0;
    for (Index epoch = 0; epoch < options.epochs && watch.going && !stop.load(std::memory_order_relaxed); ++epoch) {
      const Index place = every_epoch ? epoch : 0;
      zero_state();
      const double loss = pupil.losses[place] = learn(options, all, adam, update);
      if (rows.held_out > 0) pupil.held_out_losses[place] = loss_of(options.loss, held_out, held_out_weight);
      const auto bad = not_finite(shared_.v, P, not_finite(shared_.weights.w, P, fill<kBlock>(T(0))));
      if (watch.keeps(epoch, loss, rows.held_out > 0 ? pupil.held_out_losses + place : nullptr, sum(bad) == 0,
                      options.patience))
        std::copy_n(shared_.weights.w, P, kept.data());
      const Index done = watch.going ? 1 : options.epochs - epoch;
      epochs_done.store(epochs_done.load(std::memory_order_relaxed) + done, std::memory_order_relaxed);
    }
    for_each_parameter(shape_, [&](Index outer, Index inner) { pupil.parameters[outer] = kept[std::size_t(inner)]; });
    *pupil.outcome = watch.outcome;
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
    const Window all{x, y, nullptr, rows};
    const double loss = errors({}, all, weight_of(all));
    net_.backward(shared_.weights, space_.tape, rows, 1, space_.g);
    for_each_parameter(shape_, [&](Index outer, Index inner) { gradient[outer] = space_.g[inner]; });
    return T(loss);
  }

 private:
  // Rows, and the weights of their loss, null for all ones.
  struct Window {
    const T *x, *y, *weights;
    Index count;
  };

  void read(const T* parameters) {
    std::fill_n(shared_.weights.w, shape_.padded_parameters(), T(0));
    for_each_run(shape_, [&](Index outer, Index inner, Index count) {
      std::copy_n(parameters + outer, count, shared_.weights.w + inner);
    });
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

  Window part_of(const Window& window, Index from, Index count) const {
    const Index Y = targets_;
    return {window.x + from * shape_.inputs, window.y + from * Y,
            window.weights == nullptr ? nullptr : window.weights + from * Y, count};
  }

  double weight_of(const Window& window) const {
    if (window.weights == nullptr) return double(window.count * targets_);
    double sum = 0;
    for (Index n = 0; n < window.count * targets_; ++n) sum += double(window.weights[n]);
    return sum;
  }

  // One epoch: a window after another, the state carried on. Returns the mean of the windows' losses.
  double learn(const OnlineOptions& options, const Window& all, Adam<T>& adam, Index& update) {
    const Index P = shape_.padded_parameters(), windows = (all.count + window_ - 1) / window_;
    double total = 0;
    Index seen = 0;
    for (Index from = 0; from < all.count; from += window_, ++update) {
      const Window window = part_of(all, from, std::min(window_, all.count - from));
      const double weight = weight_of(window);
      const double loss = errors(options.loss, window, weight);
      if (weight > 0) {
        ++seen;
        total += loss;
        net_.backward(shared_.weights, space_.tape, window.count, 1, space_.g);
        if (options.update.clip > 0 && !clip(space_.g, P, options.update.clip)) return INFINITY;
        adam.update(shared_.weights.w, space_.g, shared_.m, shared_.v, P,
                    options.schedule.rate(update, windows * options.epochs));
        net_.pack(shared_.weights, window_ > 1);
      }
      carry_state(window.count);
    }
    return total / double(seen);
  }

  // The mean loss of rows that are not learnt from, the state carried on.
  double loss_of(const Loss& loss, const Window& all, double weight) {
    double total = 0;
    for (Index from = 0; from < all.count; from += window_) {
      const Window window = part_of(all, from, std::min(window_, all.count - from));
      total += errors(loss, window, weight);
      carry_state(window.count);
    }
    return total;
  }

  // Forward over a window; the slopes of its loss, divided by `weight`, go to e, and the loss so divided is returned.
  double errors(const Loss& loss, const Window& window, double weight) {
    const Index O = shape_.outputs, row = shape_.padded_outputs();
    const bool plain = loss.kind == LossKind::squared && window.weights == nullptr;
    const double share = weight > 0 ? 1 / weight : 0;
    T squares = 0;
    double total = 0;
    read_inputs(window.x, window.count);
    for (Index t = 0; t < window.count; ++t) {
      net_.forward(shared_.weights, space_.tape, t, 1);
      T* e = space_.tape.e + t * row;
      if (!plain) {
        const T* weights = window.weights == nullptr ? nullptr : window.weights + t * targets_;
        total += loss_of_step(loss, targets_, e, window.y + t * targets_, weights, share, e);
        continue;
      }
      for (Index o = 0; o < O; ++o) {
        const T error = e[o] - window.y[t * O + o];
        squares = fma_one(error, error, squares);
        e[o] = T(2) * error / T(weight);
      }
    }
    return plain ? double(squares / T(weight)) : total * share;
  }

  Shape shape_;
  Net net_;
  Index window_, targets_;
  Shared<T> shared_;
  Space<T> space_;
};

}  // namespace statecast::STATECAST_TARGET
