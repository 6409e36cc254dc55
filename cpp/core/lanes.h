// Small independent networks side by side, one a lane: an instruction works on one number of each.
//
// Trains L networks of one shape on sequences of equally many rows, online, as Online does for one: the same operations in
// the same order for every number, so that a network's bits do not depend on which way it went. Pays off where a single
// network is too small to fill registers; one layer, no skip.
//   w, m, v, g, kept [P, L] parameters in the outer order of shape.h     x [rows, I, L]   y [rows, Y, L]
//   of each step of a window: a [4H, L]   c, h (with the step before), s [H, L]   e [O, L]
#pragma once

#include <atomic>
#include <cmath>

#include "activation.h"
#include "adam.h"
#include "kernels.h"
#include "watch.h"
#include "workspace.h"

namespace statecast::STATECAST_TARGET {

template <class T>
class Lanes {
 public:
  static constexpr int kLanes = STATECAST_REGISTER / sizeof(T);
  using V = Vec<T, kLanes>;

  // Of the loss's weights all are one.
  Lanes(const Shape& shape, Rows rows, Index window, const OnlineOptions& options)
      : I(shape.inputs),
        H(shape.units),
        O(shape.outputs),
        Y(shape.outputs / options.loss.outputs_per_target()),
        P(shape.parameters()),
        shape_(shape),
        rows_(rows),
        window_(window),
        width_(shape.dot_width()),
        options_(options),
        memory_([&](auto take) {
          const auto lanes = [&](Index n) { return take(n * kLanes); };
          const Index all = rows.learnt + rows.held_out;
          w_ = lanes(P), m_ = lanes(P), v_ = lanes(P), g_ = lanes(P), kept_ = lanes(P);
          x_ = lanes(all * I), y_ = lanes(all * Y);
          a_ = lanes(window * 4 * H), s_ = lanes(window * H), e_ = lanes(window * O);
          c_ = lanes((window + 1) * H), h_ = lanes((window + 1) * H);
          da_ = lanes(4 * H), dh_ = lanes(H), dc_ = lanes(H);
          one_g_ = take(shape.padded_parameters()), one_e_ = take(O), one_y_ = take(Y);
        }) {}

  // As Online::train() for each of 1 to L pupils.
  void train(const Pupil<T>* pupils, Index count, bool every_epoch, const std::atomic<bool>& stop,
             std::atomic<Index>& epochs_done) {
    for (int l = 0; l < kLanes; ++l) read(l, pupils[std::min<Index>(l, count - 1)]);  // idle lanes do as the last one
    std::copy_n(w_, P * kLanes, kept_);
    Adam<T> adam{options_.update.adam};
    Watch watch[kLanes];
    Index update = 0, going = count;
    for (Index epoch = 0; epoch < options_.epochs && going > 0 && !stop.load(std::memory_order_relaxed); ++epoch) {
      double losses[kLanes], held_out[kLanes];
      T bad[kLanes];
      for (Index k = 0; k < H; ++k) put(h_, k, zero()), put(c_, k, zero());
      learn(adam, update, losses);
      if (rows_.held_out > 0) held_out_losses(held_out);
      store(bad, not_finite(v_, P * kLanes, not_finite(w_, P * kLanes, zero())));
      Index done = 0, kept = 0;
      bool keeps[kLanes] = {};
      for (int l = 0; l < count; ++l) {
        if (!watch[l].going) continue;
        const Index place = every_epoch ? epoch : 0;
        pupils[l].losses[place] = losses[l];
        if (rows_.held_out > 0) pupils[l].held_out_losses[place] = held_out[l];
        keeps[l] = watch[l].keeps(epoch, losses[l], rows_.held_out > 0 ? held_out + l : nullptr, bad[l] == 0,
                                  options_.patience);
        kept += keeps[l] ? 1 : 0;
        done += watch[l].going ? 1 : options_.epochs - epoch;
        going -= watch[l].going ? 0 : 1;
      }
      keep(keeps, kept == count);
      epochs_done.store(epochs_done.load(std::memory_order_relaxed) + done, std::memory_order_relaxed);
    }
    for (int l = 0; l < count; ++l) {
      for (Index p = 0; p < P; ++p) pupils[l].parameters[p] = kept_[p * kLanes + l];
      *pupils[l].outcome = watch[l].outcome;
    }
  }

 private:
  STATECAST_INLINE static V at(const T* of, Index n) { return load<kLanes>(of + n * kLanes); }
  STATECAST_INLINE static void put(T* of, Index n, V value) { store(of + n * kLanes, value); }
  STATECAST_INLINE static V zero() { return fill<kLanes>(T(0)); }
  STATECAST_INLINE static void add(T* of, Index n, V a, V b, bool first) {
    put(of, n, fma(a, b, first ? zero() : at(of, n)));
  }
  STATECAST_INLINE static void add(T* of, Index n, V a, bool first) { put(of, n, (first ? zero() : at(of, n)) + a); }

  Index recurrent() const { return I * 4 * H; }
  Index bias() const { return (I + H) * 4 * H; }
  Index head() const { return bias() + 4 * H; }  // [H, O], then [O]

  // Lane l of what it trains on.
  void read(int l, const Pupil<T>& pupil) {
    for (Index p = 0; p < P; ++p) w_[p * kLanes + l] = pupil.parameters[p];
    const Index all = rows_.learnt + rows_.held_out;
    for (Index k = 0; k < all * I; ++k) x_[k * kLanes + l] = pupil.x[k];
    for (Index k = 0; k < all * Y; ++k) y_[k * kLanes + l] = pupil.y[k];
  }

  // Keeps the parameters of some lanes; the usual case, all of them, is one copy.
  void keep(const bool* lanes, bool all) {
    if (all) std::copy_n(w_, P * kLanes, kept_);
    for (int l = 0; !all && l < kLanes; ++l)
      for (Index p = 0; lanes[l] && p < P; ++p) kept_[p * kLanes + l] = w_[p * kLanes + l];
  }

  // One epoch; losses [L] are means over its windows.
  void learn(Adam<T>& adam, Index& update, double* losses) {
    const Index windows = (rows_.learnt + window_ - 1) / window_;
    std::fill_n(losses, kLanes, 0.0);
    for (Index from = 0; from < rows_.learnt; from += window_, ++update) {
      const Index count = std::min(window_, rows_.learnt - from);
      double loss[kLanes];
      errors(from, count, double(count * Y), loss);
      for (Index k = 0; k < H; ++k) put(dh_, k, zero()), put(dc_, k, zero());
      for (Index t = count - 1; t >= 0; --t) backward(from + t, t, t == count - 1, t > 0);
      if (options_.update.clip > 0) clip_lanes(loss);
      for (int l = 0; l < kLanes; ++l) losses[l] += loss[l];
      adam.update(w_, g_, m_, v_, P * kLanes, options_.schedule.rate(update, windows * options_.epochs));
      carry_state(count);
    }
    for (int l = 0; l < kLanes; ++l) losses[l] /= double(windows);
  }

  // [L], the state carried on.
  void held_out_losses(double* losses) {
    std::fill_n(losses, kLanes, 0.0);
    for (Index from = 0; from < rows_.held_out; from += window_) {
      const Index count = std::min(window_, rows_.held_out - from);
      double loss[kLanes];
      errors(rows_.learnt + from, count, double(rows_.held_out * Y), loss);
      for (int l = 0; l < kLanes; ++l) losses[l] += loss[l];
      carry_state(count);
    }
  }

  void carry_state(Index count) {
    for (Index k = 0; k < H; ++k) put(h_, k, at(h_, count * H + k)), put(c_, k, at(c_, count * H + k));
  }

  // Forward over a window; the slopes of its loss, divided by `weight`, go to e, and the losses so divided to losses [L].
  void errors(Index from, Index count, double weight, double* losses) {
    const V size = fill<kLanes>(T(weight)), two = fill<kLanes>(T(2));
    const bool squared = options_.loss.kind == LossKind::squared;
    V squares = zero();
    std::fill_n(losses, kLanes, 0.0);
    for (Index t = 0; t < count; ++t) {
      forward(from + t, t);
      if (!squared) {
        for (int l = 0; l < kLanes; ++l) losses[l] += error_of_lane(l, from + t, t, 1 / weight);
        continue;
      }
      for (Index o = 0; o < O; ++o) {
        const V error = at(e_, t * O + o) - at(y_, (from + t) * O + o);
        squares = fma(error, error, squares);
        put(e_, t * O + o, two * error / size);
      }
    }
    T mean[kLanes];
    store(mean, squares / size);
    for (int l = 0; l < kLanes; ++l) losses[l] = squared ? double(mean[l]) : losses[l] * (1 / weight);
  }

  // A loss that is no vector operation: a lane after another.
  double error_of_lane(int l, Index row, Index t, double share) {
    for (Index o = 0; o < O; ++o) one_e_[o] = e_[(t * O + o) * kLanes + l];
    for (Index k = 0; k < Y; ++k) one_y_[k] = y_[(row * Y + k) * kLanes + l];
    const double loss = loss_of_step(options_.loss, Y, one_e_, one_y_, static_cast<const T*>(nullptr), share, one_e_);
    for (Index o = 0; o < O; ++o) e_[(t * O + o) * kLanes + l] = one_e_[o];
    return loss;
  }

  // A lane after another, in the inner order, as the norm sums it. Where a gradient cannot be used the loss says so.
  void clip_lanes(double* losses) {
    for (int l = 0; l < kLanes; ++l) {
      for_each_parameter(shape_, [&](Index outer, Index inner) { one_g_[inner] = g_[outer * kLanes + l]; });
      if (!clip(one_g_, shape_.padded_parameters(), options_.update.clip)) losses[l] = INFINITY;
      for_each_parameter(shape_, [&](Index outer, Index inner) { g_[outer * kLanes + l] = one_g_[inner]; });
    }
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
  STATECAST_INLINE V dot(const T* out) const {
    V partial[kBlock];
    for (Index q = 0; q < width_; ++q) partial[q] = zero();
    for (Index k = 0; k < H; ++k) partial[k % width_] = fma(at(w_, head() + k), at(out, k), partial[k % width_]);
    for (Index n = width_ / 2; n > 0; n /= 2)
      for (Index q = 0; q < n; ++q) partial[q] = partial[q] + partial[q + n];
    return partial[0];
  }

  STATECAST_INLINE V chain(const T* out, Index o, V sum) const {
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

  Index I, H, O, Y, P;
  Shape shape_;
  Rows rows_;
  Index window_, width_;
  const OnlineOptions& options_;
  T *w_, *m_, *v_, *g_, *kept_, *x_, *y_, *a_, *s_, *e_, *c_, *h_, *da_, *dh_, *dc_;
  T *one_g_, *one_e_, *one_y_;  // of one lane
  Memory<T> memory_;
};

}  // namespace statecast::STATECAST_TARGET
