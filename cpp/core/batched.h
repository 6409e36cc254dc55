// The work on one mini-batch for one network: its chunks of sequences, each with a tape and a gradient of its own, and
// the update. core.cpp says which thread does which chunk; the sums over chunks are taken in order, so that no bit
// depends on that.
#pragma once

#include <vector>

#include "adam.h"
#include "kernels.h"
#include "workspace.h"

namespace statecast::STATECAST_TARGET {

template <class T, int Width>
class Batched final : public Batch<T> {
 public:
  using Net = Network<T, 0, Width, 0>;

  Batched(const Shape& shape, const BatchData<T>& data, const Loss& loss, Index window, Index chunks, Index most,
          bool learn)
      : shape_(shape), net_(shape), data_(data), loss_(loss), shared_(shape, Net::packed_length(shape)) {
    spaces_.reserve(std::size_t(chunks));
    for (Index c = 0; c < chunks; ++c) spaces_.emplace_back(shape, window, most, learn);
  }

  void read(const T* parameters) override {
    for_each_parameter(shape_, [&](Index outer, Index inner) { shared_.weights.w[inner] = parameters[outer]; });
    net_.pack(shared_.weights, true);
  }

  void write(T* parameters) const override {
    for_each_parameter(shape_, [&](Index outer, Index inner) { parameters[outer] = shared_.weights.w[inner]; });
  }

  double gradient(Index chunk, const std::int64_t* which, Index M, Index from, Index K, double scale,
                  bool learn) override {
    Space<T>& space = spaces_[std::size_t(chunk)];
    gather(space, which, M, from, K);
    const Index row = shape_.padded_outputs(), Y = shape_.outputs / loss_.outputs_per_target();
    double sum = 0;
    for (Index t = 0; t < K; ++t) {
      net_.forward(shared_.weights, space.tape, t, M);
      for (Index m = 0; m < M; ++m) {
        const Index at = which[m] * data_.steps + from + t;
        T* e = space.tape.e + (t * space.tape.sequences + m) * row;
        if (data_.present != nullptr && data_.present[at] == 0) {
          std::fill_n(e, shape_.outputs, T(0));
        } else {
          const T* weight = data_.weights == nullptr ? nullptr : data_.weights + at * Y;
          sum += loss_of_step(loss_, Y, e, data_.y + at * Y, weight, scale, e);
        }
      }
    }
    if (learn) net_.backward(shared_.weights, space.tape, K, M, space.g);
    for (Index l = 0; l < shape_.layers; ++l)
      for (T* of : {space.tape.h, space.tape.c})
        std::copy_n(net_.state(space.tape, of, l, K), net_.step(space.tape), net_.state(space.tape, of, l, 0));
    return sum;
  }

  bool update(Index chunks, const UpdateOptions& options, Index step, double learning_rate) override {
    const Index P = shape_.padded_parameters();
    T* g = spaces_[0].g;
    for (Index c = 1; c < chunks; ++c)
      for (Index p = 0; p < P; p += kBlock)
        store(g + p, load<kBlock>(g + p) + load<kBlock>(spaces_[std::size_t(c)].g + p));
    const double length = norm(g, P);
    if (!std::isfinite(length)) return false;
    if (options.clip > 0 && length > options.clip) {
      const auto shrink = fill<kBlock>(T(options.clip / length));
      for (Index p = 0; p < P; p += kBlock) store(g + p, shrink * load<kBlock>(g + p));
    }
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
  // x and present of K steps, step after step; the state before the first step of a sequence is zero.
  void gather(Space<T>& space, const std::int64_t* which, Index M, Index from, Index K) const {
    const Index I = shape_.inputs, row = shape_.input_row(), S = space.tape.sequences;
    space.tape.present = data_.present == nullptr ? nullptr : space.present.data();
    for (Index t = 0; t < K; ++t) {
      for (Index m = 0; m < M; ++m) {
        const Index at = which[m] * data_.steps + from + t;
        std::copy_n(data_.x + at * I, I, space.tape.x + (t * S + m) * row);
        if (data_.present != nullptr) space.present[std::size_t(t * S + m)] = data_.present[at];
      }
    }
    if (from > 0) return;
    for (Index l = 0; l < shape_.layers; ++l)
      for (T* of : {space.tape.h, space.tape.c})
        std::fill_n(net_.state(space.tape, of, l, 0), net_.step(space.tape), T(0));
  }

  Shape shape_;
  Net net_;
  BatchData<T> data_;
  Loss loss_;
  Shared<T> shared_;
  std::vector<Space<T>> spaces_;
};

}  // namespace statecast::STATECAST_TARGET
