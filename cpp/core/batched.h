// The work on one mini-batch for one network: its chunks of sequences, each with a tape and a gradient of its own, and
// the update. core.cpp says which thread does which chunk; the sums over chunks are taken in order, so that no bit
// depends on that.
#pragma once

#include <limits>
#include <vector>

#include "adam.h"
#include "kernels.h"
#include "workspace.h"

namespace statecast::STATECAST_TARGET {

template <class T, int Width>
class Batched final : public Batch<T> {
 public:
  using Net = Network<T, 0, Width, 0>;

  Batched(const Shape& shape, const BatchData<T>& data, const BatchPlan& plan)
      : shape_(shape),
        net_(shape),
        data_(data),
        loss_(plan.loss),
        dropout_(plan.dropout),
        shared_(shape, Net::packed_length(shape), plan.learn) {
    spaces_.reserve(std::size_t(plan.chunks));
    for (Index c = 0; c < plan.chunks; ++c)
      spaces_.emplace_back(shape, plan.window, plan.most_sequences, plan.learn, dropout_);
  }

  void read(const T* parameters) override {
    for_each_parameter(shape_, [&](Index outer, Index inner) { shared_.weights.w[inner] = parameters[outer]; });
    net_.pack(shared_.weights, true);
  }

  void write(T* parameters) const override {
    for_each_parameter(shape_, [&](Index outer, Index inner) { parameters[outer] = shared_.weights.w[inner]; });
  }

  void start_epoch(Index epoch) override { epoch_ = epoch; }

  double gradient(const Piece& piece, double scale, bool learn) override {
    Space<T>& space = space_of(piece);
    if (piece.from == 0) {
      zero_state(space);
      draw_masks(space, piece);
    }
    gather(space, piece);
    const Index row = shape_.padded_outputs(), Y = shape_.outputs / loss_.outputs_per_target();
    double sum = 0;
    for (Index t = 0; t < piece.K; ++t) {
      net_.forward(shared_.weights, space.tape, t, piece.M);
      for (Index m = 0; m < piece.M; ++m) {
        const Index at = place_of(piece, m, t);
        T* e = space.tape.e + (t * space.tape.sequences + m) * row;
        if (!is_present(at)) {
          std::fill_n(e, shape_.outputs, T(0));
        } else {
          const T* weight = data_.weights == nullptr ? nullptr : data_.weights + at * Y;
          sum += loss_of_step(loss_, Y, e, data_.y + at * Y, weight, scale, e);
        }
      }
    }
    if (learn) net_.backward(shared_.weights, space.tape, piece.K, piece.M, space.g);
    carry_state(space, piece.K);
    return sum;
  }

  void run(const Piece& piece, T* h, T* c, T* yhat) override {
    Space<T>& space = space_of(piece);
    const Index O = shape_.outputs, row = shape_.padded_outputs();
    if (piece.from == 0) {
      zero_state(space);
      each_state(space, piece, h, c, [&](T* inner, T* outer) { std::copy_n(outer, shape_.units, inner); });
    }
    gather(space, piece);
    for (Index t = 0; t < piece.K; ++t) {
      net_.forward(shared_.weights, space.tape, t, piece.M);
      for (Index m = 0; m < piece.M; ++m) {
        const Index at = place_of(piece, m, t);
        if (is_present(at)) {
          std::copy_n(space.tape.e + (t * space.tape.sequences + m) * row, O, yhat + at * O);
        } else {
          std::fill_n(yhat + at * O, O, std::numeric_limits<T>::quiet_NaN());
        }
      }
    }
    carry_state(space, piece.K);
    if (piece.from + piece.K == data_.steps)
      each_state(space, piece, h, c, [&](T* inner, T* outer) { std::copy_n(inner, shape_.units, outer); });
  }

  bool update(Index chunks, const UpdateOptions& options, Index step, double learning_rate) override {
    const Index P = shape_.padded_parameters();
    T* g = spaces_[0].g;
    for (Index c = 1; c < chunks; ++c)
      for (Index p = 0; p < P; p += kBlock)
        store(g + p, load<kBlock>(g + p) + load<kBlock>(spaces_[std::size_t(c)].g + p));
    if (!clip(g, P, options.clip)) return false;
    Adam<T> adam{options.adam, std::pow(options.adam.beta1, double(step)), std::pow(options.adam.beta2, double(step))};
    adam.update(shared_.weights.w, g, shared_.m, shared_.v, P, learning_rate);
    net_.pack(shared_.weights, true);
    return true;
  }

  void gradient_of(Index chunks, T* to) override {
    for_each_parameter(shape_, [&](Index outer, Index inner) {
      T sum = 0;
      for (Index c = 0; c < chunks; ++c) sum += spaces_[std::size_t(c)].g[inner];
      to[outer] = sum;
    });
  }

 private:
  Space<T>& space_of(const Piece& piece) { return spaces_[std::size_t(piece.chunk)]; }
  Index place_of(const Piece& piece, Index m, Index t) const { return piece.which[m] * data_.steps + piece.from + t; }
  bool is_present(Index at) const { return data_.present == nullptr || data_.present[at] != 0; }

  // x and present of K steps, step after step.
  void gather(Space<T>& space, const Piece& piece) const {
    const Index I = shape_.inputs, row = shape_.input_row(), S = space.tape.sequences;
    space.tape.present = data_.present == nullptr ? nullptr : space.present.data();
    for (Index t = 0; t < piece.K; ++t) {
      for (Index m = 0; m < piece.M; ++m) {
        const Index at = place_of(piece, m, t);
        T* x = space.tape.x + (t * S + m) * row;
        std::copy_n(data_.x + at * I, I, x);
        if (space.tape.keep_x != nullptr)
          for (Index i = 0; i < I; ++i) x[i] *= space.tape.keep_x[m * row + i];
        if (data_.present != nullptr) space.present[std::size_t(t * S + m)] = data_.present[at];
      }
    }
  }

  void draw_masks(Space<T>& space, const Piece& piece) const {
    const Tape<T>& tape = space.tape;
    const auto draw = [&](T* mask, Index row, Index count, double rate, Index place) {
      if (mask == nullptr) return;
      for (Index m = 0; m < piece.M; ++m)
        draw_mask({dropout_.seed, std::uint64_t(epoch_), std::uint64_t(piece.which[m]), std::uint64_t(place)}, rate,
                  count, mask + m * row);
    };
    draw(tape.keep_x, shape_.input_row(), shape_.inputs, dropout_.inputs, 0);
    for (Index l = 0; l < shape_.layers; ++l) {
      const auto of_layer = [&](T* masks) { return masks == nullptr ? nullptr : masks + l * net_.step(tape); };
      draw(of_layer(tape.keep_h), shape_.unit_row(), shape_.units, dropout_.recurrent, 1 + 2 * l);
      draw(of_layer(tape.keep_out), shape_.unit_row(), shape_.units, dropout_.layers, 2 + 2 * l);
    }
  }

  void zero_state(const Space<T>& space) const {
    for (Index l = 0; l < shape_.layers; ++l)
      for (T* of : {space.tape.h, space.tape.c})
        std::fill_n(net_.state(space.tape, of, l, 0), net_.step(space.tape), T(0));
  }

  // The state after K steps becomes the state before the next window.
  void carry_state(const Space<T>& space, Index K) const {
    for (Index l = 0; l < shape_.layers; ++l)
      for (T* of : {space.tape.h, space.tape.c})
        std::copy_n(net_.state(space.tape, of, l, K), net_.step(space.tape), net_.state(space.tape, of, l, 0));
  }

  // Calls copy(inner, outer) for the H numbers of each sequence's and layer's h and c; outer ones are [S, L, H].
  template <class Copy>
  void each_state(const Space<T>& space, const Piece& piece, T* h, T* c, Copy copy) const {
    for (Index m = 0; m < piece.M; ++m) {
      for (Index l = 0; l < shape_.layers; ++l) {
        const Index inner = m * shape_.unit_row(), outer = (piece.which[m] * shape_.layers + l) * shape_.units;
        copy(net_.state(space.tape, space.tape.h, l, 0) + inner, h + outer);
        copy(net_.state(space.tape, space.tape.c, l, 0) + inner, c + outer);
      }
    }
  }

  Shape shape_;
  Net net_;
  BatchData<T> data_;
  Loss loss_;
  Dropout dropout_;
  Index epoch_ = 0;
  Shared<T> shared_;
  std::vector<Space<T>> spaces_;
};

}  // namespace statecast::STATECAST_TARGET
