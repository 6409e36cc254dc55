// Adam (Kingma and Ba, 2015, "Adam: a method for stochastic optimization", last formula of section 2):
//   m += (1 - b1)(g - m);  v += (1 - b2)(g^2 - v);  w -= rate sqrt(1 - b2^t) / (1 - b1^t) m / (sqrt(v) + e)
// Keras has e = epsilon, outside the correction; PyTorch has it inside, e = epsilon sqrt(1 - b2^t), which gives other
// numbers. AdamW (Loshchilov and Hutter, 2019, "Decoupled weight decay regularization"): w -= rate decay w before it.
#pragma once

#include <cmath>

#include "core.h"
#include "simd.h"

namespace statecast::STATECAST_TARGET {

// The norm of g [P], P a multiple of kBlock, times scale, by 16 sums in order.
template <class T>
inline double scaled_norm(const T* g, Index P, T scale) {
  const auto factor = fill<kBlock>(scale);
  auto squares = fill<kBlock>(T(0));
  for (Index p = 0; p < P; p += kBlock) {
    const auto scaled = factor * load<kBlock>(g + p);
    squares = fma(scaled, scaled, squares);
  }
  return __builtin_sqrt(double(sum(squares)));
}

// Shortens g to a norm of at most `most`, 0 for no limit. Returns whether g can be used: it is finite, and so are its
// squares, which the second moment sums.
template <class T>
inline bool clip(T* g, Index P, double most) {
  constexpr T small = sizeof(T) == sizeof(float) ? T(0x1p-80) : T(0x1p-600);  // so that no sum of squares is infinite
  double length = scaled_norm(g, P, T(1));
  if (!std::isfinite(length)) {
    if (most <= 0) return false;
    length = scaled_norm(g, P, small) / double(small);  // its squares were too large, and shortening is the cure
    if (!std::isfinite(length)) return false;
  }
  if (most <= 0 || length <= most) return true;
  const auto shrink = fill<kBlock>(T(most / length));
  for (Index p = 0; p < P; p += kBlock) store(g + p, shrink * load<kBlock>(g + p));
  return true;
}

// Buffers [P], P a multiple of kBlock: w parameters, g gradient, m and v moments. power1, power2: b1^t and b2^t.
template <class T>
struct Adam {
  AdamOptions options;
  double power1 = 1, power2 = 1;

  void update(T* w, const T* g, T* m, T* v, Index P, double learning_rate) {
    using Row = Vec<T, kBlock>;
    power1 *= options.beta1;
    power2 *= options.beta2;
    const double correction = __builtin_sqrt(1 - power2);
    const Row rate = fill<kBlock>(T(learning_rate * correction / (1 - power1)));
    const Row gain1 = fill<kBlock>(T(1 - options.beta1)), gain2 = fill<kBlock>(T(1 - options.beta2));
    const Row epsilon = fill<kBlock>(T(options.epsilon_inside ? options.epsilon * correction : options.epsilon));
    const Row kept = fill<kBlock>(T(1 - learning_rate * options.weight_decay));
    for (Index p = 0; p < P; p += kBlock) {
      const Row gp = load<kBlock>(g + p), mp = load<kBlock>(m + p), vp = load<kBlock>(v + p);
      const Row m1 = fma(gain1, gp - mp, mp), v1 = fma(gain2, gp * gp - vp, vp);
      store(m + p, m1);
      store(v + p, v1);
      store(w + p, kept * load<kBlock>(w + p) - rate * m1 / (sqrt(v1) + epsilon));
    }
  }
};

}  // namespace statecast::STATECAST_TARGET
