// A network on M sequences side by side: stacked layers and a linear head, forward and backward over a window of steps.
//
// Letters: K steps of a window, M sequences, L layers, I inputs, U units, O outputs; rows of units, inputs and outputs
// are padded to blocks (shape.h). Buffers of a Tape, which the caller owns:
//   x [K, M, I]   e [K, M, O] outputs, then dL/d outputs   present [K, M] 0 where a sequence has no step
//   of each layer:  a [K, M, 4U] gates, then dL/dz   s [K, M, U]   c, h [K + 1, M, U], row 0 the state before the window
//                   out [K, M, U], for layers that add their inputs, or with dropout
//                   fed [K, M, U], with dropout of the state: h as the gates see it
// Masks of dropout, each null where there is none: keep_x [M, I], which whoever fills x applies; of each layer
//   keep_out, keep_h [M, U]
//   of each layer: dh, dc [M, U]   dout [M, U]
// Where `present` is 0 the state passes through unchanged.
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
  T *x, *e, *a, *s, *c, *h, *out, *fed, *dh, *dc, *dout;
  T *keep_x, *keep_out, *keep_h;  // null: nothing is dropped
  const unsigned char* present;   // null: all are
};

// FixedUnits: U where it is known to the compiler, else 0. FixedSequences: likewise M.
template <class T, int FixedUnits, int Width, int FixedSequences>
class Network {
  static constexpr Index kGroup = FixedUnits > 0 && FixedSequences == 1 ? 1 : 16;  // at most; see group_of()

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
      if (drops(tape.keep_h))
        multiply_each(tape.keep_h + l * step(tape), h, M, tape.fed + (l * tape.steps + t) * step(tape));
      const Factors<T> factors[] = {{input(tape, l, t), input_row(l), 1, w, kBlock, panel, I(l)},
                                    {seen_state(tape, l, t), U_row(), 1, w + kernel, kBlock, panel, U()}};
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
      if (output(tape, l, t) != h_next) give(tape, l, t, M);
    }
    head(weights, tape, t, M);
  }

  // All `steps` of the window, given dL/d outputs in e: fills g. What each gate gets stays in a, so that the products for
  // dW sum over several steps while they are in registers.
  void backward(const Weights<T>& weights, const Tape<T>& tape, Index steps, Index sequences, T* g) const {
    const Index M = FixedSequences > 0 ? FixedSequences : sequences;
    std::fill_n(tape.dh, L() * step(tape), T(0));
    std::fill_n(tape.dc, L() * step(tape), T(0));
    const Index most = group_of(M);
    for (Index end = steps; end > 0; end -= most) {
      const Group group{std::max<Index>(end - most, 0), end, end == steps};
      for (Index t = end - 1; t >= group.begin; --t) {
        head_backward(weights, tape, t, M);
        for (Index l = L() - 1; l >= 0; --l) layer_backward(weights, tape, l, t, M);
      }
      head_gradient(tape, group, M, g);
      for (Index l = 0; l < L(); ++l) layer_gradient(tape, l, group, M, g);
    }
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
  static bool drops(const T* keep) { return FixedSequences != 1 && keep != nullptr; }
  static bool is_present(const Tape<T>& tape, Index t, Index m) {
    return FixedSequences == 1 || tape.present == nullptr || tape.present[t * tape.sequences + m] != 0;
  }

  T* gates(const Tape<T>& tape, Index l, Index t) const {
    return tape.a + (l * tape.steps + t) * sequences(tape) * N();
  }
  T* output(const Tape<T>& tape, Index l, Index t) const {
    const bool other = adds_input(l) || drops(tape.keep_out);
    return other ? tape.out + (l * tape.steps + t) * step(tape) : state(tape, tape.h, l, t + 1);
  }
  // h before step t as the gates see it.
  const T* seen_state(const Tape<T>& tape, Index l, Index t) const {
    return drops(tape.keep_h) ? tape.fed + (l * tape.steps + t) * step(tape) : state(tape, tape.h, l, t);
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

  // to = a * b, element by element of [M, U].
  void multiply_each(const T* a, const T* b, Index M, T* to) const {
    for (Index k = 0; k < M * U_row(); k += kBlock) store(to + k, load<kBlock>(a + k) * load<kBlock>(b + k));
  }

  // What layer l gives, where that is more than its state.
  void give(const Tape<T>& tape, Index l, Index t, Index M) const {
    const T *h = state(tape, tape.h, l, t + 1), *in = input(tape, l, t);
    T* out = output(tape, l, t);
    if (drops(tape.keep_out)) multiply_each(tape.keep_out + l * step(tape), h, M, out), h = out;
    if (!adds_input(l)) return;
    for (Index k = 0; k < M * U_row(); k += kBlock) store(out + k, load<kBlock>(h + k) + load<kBlock>(in + k));
  }

  STATECAST_INLINE void head(const Weights<T>& weights, const Tape<T>& tape, Index t, Index M) const {
    const T* d = weights.w + shape_.head_bias_at();
    if (shape_.outputs == 1) {
      for (Index m = 0; m < M; ++m) {
        const T* V = weights.w + shape_.head_at();
        T y = dot_of_units(V, output(tape, L() - 1, t) + m * U_row(), d[0]);
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

  STATECAST_INLINE void head_backward(const Weights<T>& weights, const Tape<T>& tape, Index t, Index M) const {
    const Factors<T> to_output{
        outputs(tape, t), shape_.padded_outputs(), 1, weights.w + shape_.head_at(), shape_.head_row(),
        kBlock,           shape_.outputs};
    product({tape.dout, U_row(), kBlock}, {}, M, U_row() / kBlock, &to_output, 1);
  }

  STATECAST_INLINE void layer_backward(const Weights<T>& weights, const Tape<T>& tape, Index l, Index t,
                                       Index M) const {
    const Index square = U_row() * N();
    T *dh = tape.dh + l * step(tape), *dc = tape.dc + l * step(tape), *a = gates(tape, l, t);
    const T *s = tape.s + (l * tape.steps + t) * step(tape), *c_prev = state(tape, tape.c, l, t);
    for (Index m = 0; m < M; ++m) {
      const Index at = m * U_row();
      for (Index k = 0; k < U_row(); k += kBlock) {
        auto dout = load<kBlock>(tape.dout + at + k);
        if (drops(tape.keep_out)) dout = dout * load<kBlock>(tape.keep_out + l * step(tape) + at + k);
        store(dh + at + k, load<kBlock>(dh + at + k) + dout);
      }
      if (is_present(tape, t, m)) {
        cell_.backward(a + m * N(), c_prev + at, s + at, dh + at, dc + at);
        std::fill_n(dh + at, U_row(), T(0));  // what passes through unchanged: nothing
      } else {
        std::fill_n(a + m * N(), N(), T(0));
      }
    }
    if (l > 0) {
      const Factors<T> down{a, N(), 1, weights.kernel + (l - 1) * square, kBlock, N() * kBlock, N()};
      const T* around = adds_input(l) ? tape.dout : nullptr;
      product({tape.dout, U_row(), kBlock}, {around, U_row(), kBlock}, M, U_row() / kBlock, &down, 1);
    }
    if (t == 0) return;
    const Factors<T> back{a, N(), 1, weights.recurrent + l * square, kBlock, N() * kBlock, N()};
    product({dh, U_row(), kBlock}, {dh, U_row(), kBlock}, M, U_row() / kBlock, &back, 1);
    if (!drops(tape.keep_h)) return;
    for (Index m = 0; m < M; ++m)
      if (is_present(tape, t, m))
        multiply_each(tape.keep_h + l * step(tape) + m * U_row(), dh + m * U_row(), 1, dh + m * U_row());
  }

  // Steps whose gates stay in the second-level cache until dW has been summed over them.
  static constexpr Index kNumbersInCache = 1 << 17;
  Index group_of(Index M) const { return std::clamp<Index>(kNumbersInCache / (L() * M * N()), 1, kGroup); }

  // Steps begin .. end of a window, taken from the last to the first; `first`: gradients are written, not added to.
  struct Group {
    Index begin, end;
    bool first;
  };

  STATECAST_INLINE void head_gradient(const Tape<T>& tape, const Group& group, Index M, T* g) const {
    const Index row = shape_.padded_outputs(), V_row = shape_.head_row();
    T *dV = g + shape_.head_at(), *dd = g + shape_.head_bias_at();
    const auto sum = [&](T* to, Index seen_row, auto seen) __attribute__((always_inline)) {
      Factors<T> steps[kGroup];
      const Index count = each_step(
          group, [&](Index n, Index t) { steps[n] = {outputs(tape, t), 1, row, seen(t), seen_row, kBlock, M}; });
      product({to, V_row, kBlock}, {group.first ? nullptr : to, V_row, kBlock}, shape_.outputs, seen_row / kBlock,
              steps, int(count));
    };
    sum(dV, U_row(), [&](Index t) { return output(tape, L() - 1, t); });
    if (shape_.skip) sum(dV + U_row(), input_row(0), [&](Index t) { return input(tape, 0, t); });
    each_step(group, [&](Index n, Index t) { add_rows(outputs(tape, t), row, M, dd, kBlock, group.first && n == 0); });
  }

  STATECAST_INLINE void layer_gradient(const Tape<T>& tape, Index l, const Group& group, Index M, T* g) const {
    const Index panel = shape_.depth(l) * kBlock;
    T* dW = g + shape_.layer_at(l);
    const auto sum = [&](Index at, Index seen_row, Index rows, auto seen) __attribute__((always_inline)) {
      Factors<T> steps[kGroup];
      const Index count = each_step(
          group, [&](Index n, Index t) { steps[n] = {seen(t), 1, seen_row, gates(tape, l, t), N(), kBlock, M}; });
      T* to = dW + at * kBlock;
      product({to, kBlock, panel}, {group.first ? nullptr : to, kBlock, panel}, rows, N() / kBlock, steps, int(count));
    };
    sum(0, input_row(l), I(l), [&](Index t) { return input(tape, l, t); });
    sum(I(l), U_row(), U(), [&](Index t) { return seen_state(tape, l, t); });
    each_step(group, [&](Index n, Index t) {
      add_rows(gates(tape, l, t), N(), M, dW + (I(l) + U()) * kBlock, panel, group.first && n == 0);
    });
  }

  // Calls visit(n, t), n from 0 on, for the steps of a group; returns how many there are.
  template <class Visit>
  STATECAST_INLINE static Index each_step(const Group& group, Visit visit) {
    if constexpr (kGroup == 1) {
      visit(0, group.begin);
      return 1;
    } else {
      for (Index n = 0; n < group.end - group.begin; ++n) visit(n, group.end - 1 - n);
      return group.end - group.begin;
    }
  }

  T dot_of_units(const T* a, const T* b, T start) const {
    if (U() % 16 == 0) return dot<16>(a, b, U(), start);
    return U() % 8 == 0 ? dot<8>(a, b, U(), start) : dot<4>(a, b, U(), start);
  }

  template <int W>
  static T dot(const T* a, const T* b, Index n, T start) {
    auto partial = fill<W>(T(0));
    for (Index k = 0; k < n; k += W) partial = fma(load<W>(a + k), load<W>(b + k), partial);
    return start + sum(partial);
  }

  // to (16 p + j) at to[p * panel + j] += the sum over rows [M, row].
  STATECAST_INLINE static void add_rows(const T* rows, Index row, Index M, T* to, Index panel, bool first) {
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
