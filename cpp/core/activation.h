// tanh and the logistic sigmoid, which is 0.5 + 0.5 tanh(x / 2).
//
// float: the odd rational approximation of degree 13 over 6 that Eigen uses (Eigen, MathFunctionsImpl.h). Over all
// floats the error is at most 4.2e-7, or 7 ulp from |x| = 1e-30 on; with a fused multiply-add 3.0e-7, or 5 ulp.
// double: the C library, element by element. NaN stays NaN.
#pragma once

#include <cmath>

#include "simd.h"

namespace statecast::STATECAST_TARGET {

template <int W>
STATECAST_INLINE Vec<float, W> tanh(Vec<float, W> x) {
  const auto c = [](float value) { return fill<W>(value); };
  x = clamp(x, 7.90531110763549805f);  // from there on the approximation would pass 1
  const Vec<float, W> x2 = x * x;
  Vec<float, W> p = fma(x2, c(-2.76076847742355e-16f), c(2.00018790482477e-13f));
  p = fma(x2, p, c(-8.60467152213735e-11f));
  p = fma(x2, p, c(5.12229709037114e-08f));
  p = fma(x2, p, c(1.48572235717979e-05f));
  p = fma(x2, p, c(6.37261928875436e-04f));
  p = fma(x2, p, c(4.89352455891786e-03f));
  Vec<float, W> q = fma(x2, c(1.19825839466702e-06f), c(1.18534705686654e-04f));
  q = fma(x2, q, c(2.26843463243900e-03f));
  q = fma(x2, q, c(4.89352518554385e-03f));
  return x * p / q;
}

template <int W>
STATECAST_INLINE Vec<double, W> tanh(Vec<double, W> x) {
  double all[W];
  store(all, x);
  for (double& value : all) value = std::tanh(value);
  return load<W>(all);
}

}  // namespace statecast::STATECAST_TARGET
