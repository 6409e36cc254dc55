// Small independent networks side by side, one a lane: an instruction works on one number of each.
//
// Trains L networks of one shape on sequences of equally many rows, online, as Online does for one: the same operations in
// the same order for every number, so that a network's bits do not depend on which way it went. Pays off where a single
// network is too small to fill registers; one layer, no skip.
//   w, m, v, g [P, L] parameters in the outer order of shape.h     x [rows, I, L]   y [rows, O, L]
//   of each step of a window: a [4H, L]   c, h (with the step before), s [H, L]   e [O, L]
#pragma once

#include <atomic>
#include <cmath>

#include "activation.h"
#include "adam.h"
#include "workspace.h"

namespace statecast::STATECAST_TARGET {

template <class T>
class Lanes {
 public:
  static constexpr int kLanes = STATECAST_REGISTER / sizeof(T);
  using V = Vec<T, kLanes>;

  Lanes(const Shape& shape, Index rows, Index window)
      : I(shape.inputs),
        H(shape.units),
        O(shape.outputs),
        P(shape.parameters()),
        rows_(rows),
        window_(window),
        width_(shape.padded_units() % 16 == 0  ? 16
               : shape.padded_units() % 8 == 0 ? 8
                                               : 4),
        memory_([&](auto take) {
          const auto lanes = [&](Index n) { return take(n * kLanes); };
          w_ = lanes(P), m_ = lanes(P), v_ = lanes(P), g_ = lanes(P);
          x_ = lanes(rows * I), y_ = lanes(rows * O);
          a_ = lanes(window * 4 * H), s_ = lanes(window * H), e_ = lanes(window * O);
          c_ = lanes((window + 1) * H), h_ = lanes((window + 1) * H);
          da_ = lanes(4 * H), dh_ = lanes(H), dc_ = lanes(H);
        }) {}

  // Lane l of what it trains on.
  void read(int lane, const T* parameters, const T* x, const T* y) {
    for (Index p = 0; p < P; ++p) w_[p * kLanes + lane] = parameters[p];
    for (Index k = 0; k < rows_ * I; ++k) x_[k * kLanes + lane] = x[k];
    for (Index k = 0; k < rows_ * O; ++k) y_[k * kLanes + lane] = y[k];
  }

  void write(int lane, T* parameters) const {
    for (Index p = 0; p < P; ++p) parameters[p] = w_[p * kLanes + lane];
  }

  // after_epoch(epoch, losses [L]) says whether to go on; a loss is the mean over the windows of an epoch.
  template <class AfterEpoch>
  void train(const OnlineOptions& options, AfterEpoch after_epoch) {
    Adam<T> adam{options.adam};
    const Index windows = (rows_ + window_ - 1) / window_;
    double losses[kLanes];
    for (Index epoch = 0; epoch < options.epochs; ++epoch) {
      for (Index k = 0; k < H; ++k) put(h_, k, zero()), put(c_, k, zero());
      std::fill_n(losses, kLanes, 0.0);
      for (Index from = 0; from < rows_; from += window_) {
        const Index count = std::min(window_, rows_ - from);
        T loss[kLanes];
        store(loss, window_gradient(from, count));
        for (int l = 0; l < kLanes; ++l) losses[l] += loss[l];
        adam.update(w_, g_, m_, v_, P * kLanes, options.learning_rate);
        for (Index k = 0; k < H; ++k) put(h_, k, at(h_, count * H + k)), put(c_, k, at(c_, count * H + k));
      }
      for (double& loss : losses) loss /= double(windows);
      if (!after_epoch(epoch, losses)) return;
    }
  }

 private:
  static V at(const T* of, Index n) { return load<kLanes>(of + n * kLanes); }
  static void put(T* of, Index n, V value) { store(of + n * kLanes, value); }
  static V zero() { return fill<kLanes>(T(0)); }
  static void add(T* of, Index n, V a, V b, bool first) { put(of, n, fma(a, b, first ? zero() : at(of, n))); }
  static void add(T* of, Index n, V a, bool first) { put(of, n, (first ? zero() : at(of, n)) + a); }

  Index recurrent() const { return I * 4 * H; }
  Index bias() const { return (I + H) * 4 * H; }
  Index head() const { return bias() + 4 * H; }  // [H, O], then [O]

  V window_gradient(Index from, Index count) {
    V squares = zero();
    const V size = fill<kLanes>(T(count * O)), two = fill<kLanes>(T(2));
    for (Index t = 0; t < count; ++t) {
      forward(from + t, t);
      for (Index o = 0; o < O; ++o) {
        const V error = at(e_, t * O + o) - at(y_, (from + t) * O + o);
        squares = fma(error, error, squares);
        put(e_, t * O + o, two * error / size);
      }
    }
    for (Index k = 0; k < H; ++k) put(dh_, k, zero()), put(dc_, k, zero());
    for (Index t = count - 1; t >= 0; --t) backward(from + t, t, t == count - 1, t > 0);
    return squares / size;
  }

  void forward(Index row, Index t) {
    const T *x = x_ + row * I * kLanes, *h = h_ + t * H * kLanes, *c = c_ + t * H * kLanes;
    T *a = a_ + t * 4 * H * kLanes, *s = s_ + t * H * kLanes;
    const V half = fill<kLanes>(T(0.5));
    for (Index j = 0; j < 4 * H; ++j) {
      V z = at(w_, bias() + j);
      for (Index i = 0; i < I; ++i) z = fma(at(x, i), at(w_, i * 4 * H + j), z);
      for (Index k = 0; k < H; ++k) z = fma(at(h, k), at(w_, recurrent() + k * 4 * H + j), z);
      const bool cell = j >= 2 * H && j < 3 * H;
      put(a, j, cell ? tanh(z) : fma(tanh(half * z), half, half));
    }
    for (Index k = 0; k < H; ++k) {
      const V cell = fma(at(a, H + k), at(c, k), at(a, k) * at(a, 2 * H + k)), squashed = tanh(cell);
      put(c_, (t + 1) * H + k, cell);
      put(s, k, squashed);
      put(h_, (t + 1) * H + k, at(a, 3 * H + k) * squashed);
    }
    const T* out = h_ + (t + 1) * H * kLanes;
    for (Index o = 0; o < O; ++o) {
      const V d = at(w_, head() + H * O + o);
      put(e_, t * O + o, O == 1 ? d + dot(out) : chain(out, o, d));
    }
  }

  // As Network::dot: partial sums over every width-th unit, then halves.
  V dot(const T* out) const {
    V partial[kBlock];
    for (Index q = 0; q < width_; ++q) partial[q] = zero();
    for (Index k = 0; k < H; ++k) partial[k % width_] = fma(at(w_, head() + k), at(out, k), partial[k % width_]);
    for (Index n = width_ / 2; n > 0; n /= 2)
      for (Index q = 0; q < n; ++q) partial[q] = partial[q] + partial[q + n];
    return partial[0];
  }

  V chain(const T* out, Index o, V sum) const {
    for (Index k = 0; k < H; ++k) sum = fma(at(out, k), at(w_, head() + k * O + o), sum);
    return sum;
  }

  void backward(Index row, Index t, bool first, bool reach) {
    const T *x = x_ + row * I * kLanes, *h = h_ + t * H * kLanes, *c = c_ + t * H * kLanes;
    const T *a = a_ + t * 4 * H * kLanes, *s = s_ + t * H * kLanes, *out = h_ + (t + 1) * H * kLanes;
    const T* dy = e_ + t * O * kLanes;
    const V one = fill<kLanes>(T(1));
    for (Index o = 0; o < O; ++o) add(g_, head() + H * O + o, at(dy, o), first);
    for (Index k = 0; k < H; ++k) {
      V dout = zero();
      for (Index o = 0; o < O; ++o) {
        dout = fma(at(dy, o), at(w_, head() + k * O + o), dout);
        add(g_, head() + k * O + o, at(dy, o), at(out, k), first);
      }
      const V i = at(a, k), f = at(a, H + k), g = at(a, 2 * H + k), o = at(a, 3 * H + k), q = at(s, k);
      const V dh = at(dh_, k) + dout, dc = fma(dh * o, one - q * q, at(dc_, k));
      put(da_, k, dc * g * (i * (one - i)));
      put(da_, H + k, dc * at(c, k) * (f * (one - f)));
      put(da_, 2 * H + k, dc * i * (one - g * g));
      put(da_, 3 * H + k, dh * q * (o * (one - o)));
      put(dc_, k, dc * f);
    }
    for (Index j = 0; j < 4 * H; ++j) {
      const V da = at(da_, j);
      for (Index i = 0; i < I; ++i) add(g_, i * 4 * H + j, at(x, i), da, first);
      for (Index k = 0; k < H; ++k) add(g_, recurrent() + k * 4 * H + j, at(h, k), da, first);
      add(g_, bias() + j, da, first);
    }
    if (!reach) return;
    for (Index k = 0; k < H; ++k) {
      V dh = zero();
      for (Index j = 0; j < 4 * H; ++j) dh = fma(at(da_, j), at(w_, recurrent() + k * 4 * H + j), dh);
      put(dh_, k, dh);
    }
  }

  Index I, H, O, P, rows_, window_, width_;
  T *w_, *m_, *v_, *g_, *x_, *y_, *a_, *s_, *e_, *c_, *h_, *da_, *dh_, *dc_;
  Memory<T> memory_;
};

}  // namespace statecast::STATECAST_TARGET
