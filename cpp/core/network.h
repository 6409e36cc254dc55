// A network on M sequences side by side: stacked layers and a linear head, forward and backward over a window of steps.
//
// Letters: K steps of a window, M sequences, L layers, I inputs, U units, O outputs; rows of units, inputs and outputs
// are padded to blocks (shape.h). Buffers of a Tape, which the caller owns:
//   x [K, M, I]   e [K, M, O] outputs, then dL/d outputs   present [K, M] 0 where a sequence has no step
//   of each layer:  a [K, M, 4U]   s [K, M, U]   c, h [K + 1, M, U], row 0 the state before the window
//                   out [K, M, U], for layers that add their inputs
//   da [M, 4U]   of each layer: dh, dc [M, U]   dout [M, U]
// Where `present` is 0 the state passes through unchanged. Gradients are added to g, or written where a window is the
// first of its update.
#pragma once

#include <algorithm>

#include "lstm.h"
#include "matmul.h"

namespace statecast::STATECAST_TARGET {

// Parameters w [P] with what backward and head need of them transposed, in panels; see pack().
template <class T>
struct Weights {
  T* w;
  T* recurrent;  // of each layer: R' [U / 16, 4U, 16]
  T* kernel;     // of each layer but the first: W' [U / 16, 4U, 16]
  T* head;       // V' [O / 16, row of the head, 16]
};

template <class T>
struct Tape {
  Index steps, sequences;  // K, M as allocated
  T *x, *e, *a, *s, *c, *h, *out, *da, *dh, *dc, *dout;
  const unsigned char* present;  // null: all are
};

// FixedUnits: U where it is known to the compiler, else 0. FixedSequences: likewise M.
template <class T, int FixedUnits, int Width, int FixedSequences>
class Network {
 public:
  explicit Network(const Shape& shape) : shape_(shape), cell_{shape.padded_units()} {}

  static Index packed_length(const Shape& s) {
    const Index square = s.unit_row() * s.gates();
    return (2 * s.layers - 1) * square + s.padded_outputs() * s.head_row();
  }

  // After each change of w. `recurrent` says whether gradients reach back over a step.
  void pack(const Weights<T>& weights, bool recurrent) const {
    const Index square = U_row() * N();
    for (Index l = 0; l < L(); ++l) {
      const T* panels = weights.w + shape_.layer_at(l);
      if (recurrent) transpose(panels + I(l) * kBlock, shape_.depth(l), weights.recurrent + l * square);
      if (l > 0) transpose(panels, shape_.depth(l), weights.kernel + (l - 1) * square);
    }
    if (shape_.outputs == 1) return;  // a dot product, see head()
    const T* V = weights.w + shape_.head_at();
    const Index row = shape_.head_row();
    for (Index o = 0; o < shape_.outputs; ++o)
      for (Index k = 0; k < row; ++k) weights.head[(o / kBlock * row + k) * kBlock + o % kBlock] = V[o * row + k];
  }

  // Step t of the window: from x and the state before it to the outputs e and the state after it.
  void forward(const Weights<T>& weights, const Tape<T>& tape, Index t, Index sequences) const {
    const Index M = FixedSequences > 0 ? FixedSequences : sequences;
    for (Index l = 0; l < L(); ++l) {
      const T* w = weights.w + shape_.layer_at(l);
      const Index panel = shape_.depth(l) * kBlock, kernel = I(l) * kBlock, bias = (I(l) + U()) * kBlock;
      T *a = gates(tape, l, t), *c = state(tape, tape.c, l, t), *h = state(tape, tape.h, l, t);
      T* s = tape.s + (l * tape.steps + t) * step(tape);
      const Factors<T> factors[] = {{input(tape, l, t), input_row(l), 1, w, kBlock, panel, I(l)},
                                    {h, U_row(), 1, w + kernel, kBlock, panel, U()}};
      product({a, N(), kBlock}, {w + bias, 0, panel}, M, N() / kBlock, factors, 2);
      T *c_next = c + step(tape), *h_next = h + step(tape);
      for (Index m = 0; m < M; ++m) {
        const Index at = m * U_row();
        if (is_present(tape, t, m)) {
          cell_.forward(a + m * N(), c + at, c_next + at, s + at, h_next + at);
        } else {
          std::copy_n(c + at, U_row(), c_next + at);
          std::copy_n(h + at, U_row(), h_next + at);
        }
      }
      if (adds_input(l)) {
        T* out = output(tape, l, t);
        const T* in = input(tape, l, t);
        for (Index k = 0; k < M * U_row(); k += kBlock) store(out + k, load<kBlock>(h_next + k) + load<kBlock>(in + k));
      }
    }
    head(weights, tape, t, M);
  }

  // Step t of the window, given dL/d outputs in e, and dh, dc of the step after it. `first`: gradients are written, not
  // added to. `reach`: a step before wants dh and dc.
  void backward(const Weights<T>& weights, const Tape<T>& tape, Index t, Index sequences, T* g, bool first,
                bool reach) const {
    const Index M = FixedSequences > 0 ? FixedSequences : sequences;
    head_backward(weights, tape, t, M, g, first);
    for (Index l = L() - 1; l >= 0; --l) layer_backward(weights, tape, l, t, M, g, first, reach);
  }

  Index step(const Tape<T>& tape) const { return sequences(tape) * U_row(); }

  // Layer l's c or h before step t; row t + 1 is after it.
  T* state(const Tape<T>& tape, T* of, Index l, Index t) const { return of + (l * (tape.steps + 1) + t) * step(tape); }

 private:
  static Index sequences(const Tape<T>& tape) { return FixedSequences > 0 ? FixedSequences : tape.sequences; }

  STATECAST_INLINE static void product(const Grid<T>& to, const Grid<const T>& start, Index rows, Index panels,
                                       const Factors<T>* factors, int count) {
    if constexpr (FixedUnits > 0 && FixedSequences == 1) {
      multiply_in_place(to, start, rows, panels, factors, count);
    } else {
      multiply(to, start, rows, panels, factors, count);
    }
  }

  Index L() const { return FixedUnits > 0 && FixedUnits <= 4 ? 1 : shape_.layers; }
  Index U() const { return cell_.units(); }
  Index N() const { return 4 * U(); }
  Index U_row() const { return round_up(U(), kBlock); }
  Index I(Index l) const { return l == 0 ? shape_.inputs : U(); }
  Index input_row(Index l) const { return l == 0 ? shape_.input_row() : U_row(); }
  bool adds_input(Index l) const { return shape_.residual && l > 0; }
  static bool is_present(const Tape<T>& tape, Index t, Index m) {
    return FixedSequences == 1 || tape.present == nullptr || tape.present[t * tape.sequences + m] != 0;
  }

  T* gates(const Tape<T>& tape, Index l, Index t) const {
    return tape.a + (l * tape.steps + t) * sequences(tape) * N();
  }
  T* output(const Tape<T>& tape, Index l, Index t) const {
    return adds_input(l) ? tape.out + (l * tape.steps + t) * step(tape) : state(tape, tape.h, l, t + 1);
  }
  const T* input(const Tape<T>& tape, Index l, Index t) const {
    return l == 0 ? tape.x + t * sequences(tape) * shape_.input_row() : output(tape, l - 1, t);
  }
  T* outputs(const Tape<T>& tape, Index t) const { return tape.e + t * sequences(tape) * shape_.padded_outputs(); }

  // rows of panels [4U / 16, depth, 16] -> to [U / 16, 4U, 16]
  void transpose(const T* panels, Index depth, T* to) const {
    for (Index j = 0; j < N(); ++j)
      for (Index k = 0; k < U(); ++k)
        to[(k / kBlock * N() + j) * kBlock + k % kBlock] = panels[(j / kBlock * depth + k) * kBlock + j % kBlock];
  }

  void head(const Weights<T>& weights, const Tape<T>& tape, Index t, Index M) const {
    const T* d = weights.w + shape_.head_bias_at();
    if (shape_.outputs == 1) {
      for (Index m = 0; m < M; ++m) {
        const T* V = weights.w + shape_.head_at();
        T y = dot<Width>(V, output(tape, L() - 1, t) + m * U_row(), U(), d[0]);
        if (shape_.skip) y = dot<kBlock>(V + U_row(), input(tape, 0, t) + m * input_row(0), input_row(0), y);
        outputs(tape, t)[m * shape_.padded_outputs()] = y;
      }
      return;
    }
    const Index panel = shape_.head_row() * kBlock, row = shape_.padded_outputs();
    const Factors<T> factors[] = {
        {output(tape, L() - 1, t), U_row(), 1, weights.head, kBlock, panel, U()},
        {input(tape, 0, t), input_row(0), 1, weights.head + U_row() * kBlock, kBlock, panel, shape_.inputs}};
    product({outputs(tape, t), row, kBlock}, {d, 0, kBlock}, M, row / kBlock, factors, shape_.skip ? 2 : 1);
  }

  void head_backward(const Weights<T>& weights, const Tape<T>& tape, Index t, Index M, T* g, bool first) const {
    const Index O = shape_.outputs, row = shape_.padded_outputs(), V_row = shape_.head_row();
    const T* dy = outputs(tape, t);
    T *dV = g + shape_.head_at(), *dd = g + shape_.head_bias_at();
    const Factors<T> to_output{dy, row, 1, weights.w + shape_.head_at(), V_row, kBlock, O};
    product({tape.dout, U_row(), kBlock}, {}, M, U_row() / kBlock, &to_output, 1);
    const auto gradient = [&](T* to, const T* seen, Index seen_row, Index panels) {
      const Factors<T> sum{dy, 1, row, seen, seen_row, kBlock, M};
      product({to, V_row, kBlock}, {first ? nullptr : to, V_row, kBlock}, O, panels, &sum, 1);
    };
    gradient(dV, output(tape, L() - 1, t), U_row(), U_row() / kBlock);
    if (shape_.skip) gradient(dV + U_row(), input(tape, 0, t), input_row(0), input_row(0) / kBlock);
    add_rows(dy, row, M, dd, kBlock, first);
  }

  void layer_backward(const Weights<T>& weights, const Tape<T>& tape, Index l, Index t, Index M, T* g, bool first,
                      bool reach) const {
    const Index square = U_row() * N(), panel = shape_.depth(l) * kBlock;
    T *dh = tape.dh + l * step(tape), *dc = tape.dc + l * step(tape);
    const T *a = gates(tape, l, t), *s = tape.s + (l * tape.steps + t) * step(tape);
    const T *c_prev = state(tape, tape.c, l, t), *h_prev = state(tape, tape.h, l, t);
    for (Index m = 0; m < M; ++m) {
      const Index at = m * U_row();
      for (Index k = 0; k < U_row(); k += kBlock)
        store(dh + at + k, load<kBlock>(dh + at + k) + load<kBlock>(tape.dout + at + k));
      if (is_present(tape, t, m)) {
        cell_.backward(a + m * N(), c_prev + at, s + at, dh + at, dc + at, tape.da + m * N());
        std::fill_n(dh + at, U_row(), T(0));  // what passes through unchanged: nothing
      } else {
        std::fill_n(tape.da + m * N(), N(), T(0));
      }
    }
    T* dW = g + shape_.layer_at(l);
    const auto gradient = [&](Index at, const T* seen, Index seen_row, Index rows) {
      const Factors<T> sum{seen, 1, seen_row, tape.da, N(), kBlock, M};
      T* to = dW + at * kBlock;
      product({to, kBlock, panel}, {first ? nullptr : to, kBlock, panel}, rows, N() / kBlock, &sum, 1);
    };
    gradient(0, input(tape, l, t), input_row(l), I(l));
    gradient(I(l), h_prev, U_row(), U());
    add_rows(tape.da, N(), M, dW + (I(l) + U()) * kBlock, panel, first);
    if (l > 0) {
      const Factors<T> down{tape.da, N(), 1, weights.kernel + (l - 1) * square, kBlock, N() * kBlock, N()};
      const T* around = adds_input(l) ? tape.dout : nullptr;
      product({tape.dout, U_row(), kBlock}, {around, U_row(), kBlock}, M, U_row() / kBlock, &down, 1);
    }
    if (!reach) return;
    const Factors<T> back{tape.da, N(), 1, weights.recurrent + l * square, kBlock, N() * kBlock, N()};
    product({dh, U_row(), kBlock}, {dh, U_row(), kBlock}, M, U_row() / kBlock, &back, 1);
  }

  template <int W>
  static T dot(const T* a, const T* b, Index n, T start) {
    auto partial = fill<W>(T(0));
    for (Index k = 0; k < n; k += W) partial = fma(load<W>(a + k), load<W>(b + k), partial);
    return start + sum(partial);
  }

  // to (16 p + j) at to[p * panel + j] += the sum over rows [M, row].
  static void add_rows(const T* rows, Index row, Index M, T* to, Index panel, bool first) {
    for (Index p = 0; p < row / kBlock; ++p) {
      auto sum = first ? fill<kBlock>(T(0)) : load<kBlock>(to + p * panel);
      for (Index m = 0; m < M; ++m) sum = sum + load<kBlock>(rows + m * row + p * kBlock);
      store(to + p * panel, sum);
    }
  }

  Shape shape_;
  Cell<T, FixedUnits, Width> cell_;
};

}  // namespace statecast::STATECAST_TARGET
