// Losses of one step of one sequence, and their slopes.
//
// Outputs come by targets: the G outputs of target k are f[k G] .. f[k G + G - 1]. softplus keeps scales above zero.
//   squared (f - y)^2   absolute |f - y|   huber   pinball, G quantiles, their mean
//   gaussian (mean, scale)   student_t (location, scale, degrees of freedom - 2)   negative_binomial (mean, dispersion)
// The likelihoods are negative logarithms. The derivation of the slopes is in docs/design/losses.md.
#pragma once

#include <vector>

#include "shape.h"

namespace statecast {

inline constexpr Index kMostQuantiles = 128;

enum class LossKind { squared, absolute, huber, pinball, gaussian, student_t, negative_binomial };

struct Loss {
  LossKind kind = LossKind::squared;
  double delta = 1;               // huber: where the square ends
  std::vector<double> quantiles;  // pinball

  Index outputs_per_target() const;  // G
};

// Sum over targets of weight * loss; weight [targets], null for all ones. slope [outputs] = scale * weight * dloss/df; it
// may be f itself.
template <class T>
double loss_of_step(const Loss& loss, Index targets, const T* f, const T* y, const T* weight, double scale, T* slope);

}  // namespace statecast
