#include "loss.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace statecast {
namespace {

constexpr double kFloor = 1e-6;  // of scales, means and dispersions, so that no logarithm meets a zero

double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }
double softplus_slope(double x) { return 1 / (1 + std::exp(-x)); }

// Logarithm of gamma for x > 0: recurrence up to 10, then Stirling's series (Abramowitz and Stegun, 6.1.41). std::lgamma
// writes a global variable, which threads would race for.
double log_gamma(double x) {
  double product = 1;
  for (; x < 10; ++x) product *= x;
  const double r = 1 / (x * x);
  const double tail = 1.0 / 1260 - r * (1.0 / 1680 - r * (1.0 / 1188 - r * (691.0 / 360360)));
  const double series = (1.0 / 12 - r * (1.0 / 360 - r * tail)) / x;
  return (x - 0.5) * std::log(x) - x + 0.5 * std::log(2 * std::numbers::pi) + series - std::log(product);
}

// Derivative of log_gamma for x > 0: recurrence up to 6, then the asymptotic series (Abramowitz and Stegun, 6.3.18).
double digamma(double x) {
  double result = 0;
  for (; x < 6; ++x) result -= 1 / x;
  const double r = 1 / (x * x);
  const double series = r * (1.0 / 12 - r * (1.0 / 120 - r * (1.0 / 252 - r * (1.0 / 240 - r * (1.0 / 132)))));
  return result + std::log(x) - 0.5 / x - series;
}

// One target: its loss, and into slope its derivative by each of its outputs.
template <class T>
double pinball(const std::vector<double>& quantiles, const T* f, double y, double* slope) {
  const double share = 1.0 / double(quantiles.size());
  double sum = 0;
  for (std::size_t q = 0; q < quantiles.size(); ++q) {
    const double e = y - f[q], at = quantiles[q];
    sum += e > 0 ? at * e : (at - 1) * e;
    slope[q] = share * (e > 0 ? -at : 1 - at);
  }
  return share * sum;
}

template <class T>
double gaussian(const T* f, double y, double* slope) {
  const double sigma = softplus(f[1]) + kFloor, z = (y - f[0]) / sigma;
  slope[0] = -z / sigma;
  slope[1] = (1 - z * z) / sigma * softplus_slope(f[1]);
  return 0.5 * std::log(2 * std::numbers::pi) + std::log(sigma) + 0.5 * z * z;
}

template <class T>
double student_t(const T* f, double y, double* slope) {
  const double sigma = softplus(f[1]) + kFloor, nu = 2 + softplus(f[2]), z = (y - f[0]) / sigma;
  const double pull = (nu + 1) * z / (nu + z * z), spread = std::log1p(z * z / nu);
  const double by_nu = 0.5 * (digamma(nu / 2) - digamma((nu + 1) / 2) + 1 / nu + spread - z * pull / nu);
  slope[0] = -pull / sigma;
  slope[1] = (1 - z * pull) / sigma * softplus_slope(f[1]);
  slope[2] = by_nu * softplus_slope(f[2]);
  return log_gamma(nu / 2) - log_gamma((nu + 1) / 2) + 0.5 * std::log(std::numbers::pi * nu) + std::log(sigma) +
         0.5 * (nu + 1) * spread;
}

template <class T>
double negative_binomial(const T* f, double y, double* slope) {
  const double mu = softplus(f[0]) + kFloor, alpha = softplus(f[1]) + kFloor, r = 1 / alpha;
  const double log_r = -std::log1p(mu * alpha), log_mu = std::log(mu) - std::log(r + mu);
  const double by_r = digamma(r) - digamma(y + r) - log_r - (mu - y) / (r + mu);
  slope[0] = ((y + r) / (r + mu) - y / mu) * softplus_slope(f[0]);
  slope[1] = -by_r * r * r * softplus_slope(f[1]);
  return log_gamma(r) + log_gamma(y + 1) - log_gamma(y + r) - r * log_r - y * log_mu;
}

template <class T>
double of_target(const Loss& loss, const T* f, double y, double* slope) {
  switch (loss.kind) {
    case LossKind::pinball: return pinball(loss.quantiles, f, y, slope);
    case LossKind::gaussian: return gaussian(f, y, slope);
    case LossKind::student_t: return student_t(f, y, slope);
    case LossKind::negative_binomial: return negative_binomial(f, y, slope);
    default: return 0;  // of_errors() has the others
  }
}

// Losses of the error alone: one output a target, of(e) gives loss and slope. In T, and simple enough to be vectorised.
template <class T, class Of>
double of_errors(Index targets, const T* f, const T* y, const T* weight, T scale, T* slope, Of of) {
  T sum = 0;
  for (Index k = 0; k < targets; ++k) {
    const T w = weight == nullptr ? T(1) : weight[k];
    const auto [loss, derivative] = of(f[k] - y[k]);
    sum += w * loss;
    slope[k] = scale * w * derivative;
  }
  return double(sum);
}

template <class T>
struct Point {
  T loss, slope;
};

}  // namespace

Index Loss::outputs_per_target() const {
  switch (kind) {
    case LossKind::pinball: return Index(quantiles.size());
    case LossKind::gaussian:
    case LossKind::negative_binomial: return 2;
    case LossKind::student_t: return 3;
    default: return 1;
  }
}

template <class T>
double loss_of_step(const Loss& loss, Index targets, const T* f, const T* y, const T* weight, double scale, T* slope) {
  const T part = T(scale), delta = T(loss.delta);
  switch (loss.kind) {
    case LossKind::squared:
      return of_errors(targets, f, y, weight, part, slope, [](T e) { return Point<T>{e * e, 2 * e}; });
    case LossKind::absolute:
      return of_errors(targets, f, y, weight, part, slope,
                       [](T e) { return Point<T>{std::abs(e), T(e > 0) - T(e < 0)}; });
    case LossKind::huber:
      return of_errors(targets, f, y, weight, part, slope, [delta](T e) {
        const T inside = std::clamp(e, -delta, delta);
        return Point<T>{inside * (e - T(0.5) * inside), inside};
      });
    default: break;
  }
  const Index G = loss.outputs_per_target();
  double sum = 0, derivative[kMostQuantiles];
  for (Index k = 0; k < targets; ++k) {
    const double w = weight == nullptr ? 1.0 : double(weight[k]);
    if (w == 0) {
      std::fill_n(slope + k * G, G, T(0));
      continue;
    }
    sum += w * of_target(loss, f + k * G, double(y[k]), derivative);
    for (Index g = 0; g < G; ++g) slope[k * G + g] = T(scale * w * derivative[g]);
  }
  return sum;
}

template double loss_of_step(const Loss&, Index, const float*, const float*, const float*, double, float*);
template double loss_of_step(const Loss&, Index, const double*, const double*, const double*, double, double*);

}  // namespace statecast
