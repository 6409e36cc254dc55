// Buffers, each thread's or mini-batch's from one allocation, rows on a vector's boundary.
//   Shared: w, m, v [P] and what Network::pack() makes of w     Space: a Tape (network.h) and a gradient g [P]
#pragma once

#include <cstdint>
#include <vector>

#include "network.h"

namespace statecast::STATECAST_TARGET {

template <class T>
class Memory {
 public:
  // carve(take) calls take(n) for each buffer of n numbers, twice: to count them, then to place them.
  template <class Carve>
  explicit Memory(Carve carve) {
    Index total = 0;
    carve([&total](Index n) {
      total += round_up(n, kBlock);
      return static_cast<T*>(nullptr);
    });
    numbers_.resize(std::size_t(total + kBlock));
    constexpr std::size_t line = kBlock * sizeof(T);
    const auto address = reinterpret_cast<std::uintptr_t>(numbers_.data());
    T* next = numbers_.data() + ((line - address % line) % line) / sizeof(T);
    carve([&next](Index n) {
      T* at = next;
      next += round_up(n, kBlock);
      return at;
    });
  }

 private:
  std::vector<T> numbers_;
};

template <class T>
struct Shared {
  Weights<T> weights{};
  T *m = nullptr, *v = nullptr;

  // What training needs only where `learn`.
  Shared(const Shape& shape, Index packed, bool learn)
      : memory_([&](auto take) {
          const Index P = shape.padded_parameters(), square = shape.unit_row() * shape.gates();
          weights.w = take(P);
          if (learn) m = take(P), v = take(P);
          weights.recurrent = take(packed);
          weights.kernel = weights.recurrent + shape.layers * square;
          weights.head = weights.kernel + (shape.layers - 1) * square;
        }) {}

 private:
  Memory<T> memory_;
};

template <class T>
struct Space {
  Tape<T> tape{};
  T* g = nullptr;
  std::vector<unsigned char> present;

  // K steps of M sequences; what backward needs only where `learn`.
  Space(const Shape& shape, Index K, Index M, bool learn, const Dropout& dropout = {})
      : present(std::size_t(K * M)), memory_([&](auto take) {
          const Index L = shape.layers, N = shape.gates(), step = M * shape.unit_row();
          tape.steps = K, tape.sequences = M;
          tape.x = take(K * M * shape.input_row());
          tape.e = take(K * M * shape.padded_outputs());
          tape.a = take(L * K * M * N);
          tape.s = take(L * K * step);
          tape.c = take(L * (K + 1) * step), tape.h = take(L * (K + 1) * step);
          if (shape.residual || dropout.layers > 0) tape.out = take(L * K * step);
          if (dropout.inputs > 0) tape.keep_x = take(M * shape.input_row());
          if (dropout.layers > 0) tape.keep_out = take(L * step);
          if (dropout.recurrent > 0) tape.keep_h = take(L * step), tape.fed = take(L * K * step);
          if (!learn) return;
          tape.dh = take(L * step), tape.dc = take(L * step), tape.dout = take(step);
          g = take(shape.padded_parameters());
        }) {}

 private:
  Memory<T> memory_;
};

}  // namespace statecast::STATECAST_TARGET
