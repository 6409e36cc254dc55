// Which parameters of a network trained online are kept, and when it ends.
#pragma once

#include <cmath>

#include "core.h"
#include "simd.h"

namespace statecast::STATECAST_TARGET {

struct Watch {
  NetworkOutcome outcome{};
  double least = INFINITY;  // loss on held-out rows
  bool going = true;

  // After an epoch: whether its parameters are kept. They are if all is finite and, where rows are held out, their loss is
  // the smallest so far.
  bool keeps(Index epoch, double loss, const double* held_out_loss, bool finite, Index patience) {
    outcome.epochs = epoch + 1;
    if (!finite || !std::isfinite(loss) || (held_out_loss != nullptr && !std::isfinite(*held_out_loss))) {
      outcome.diverged = epoch;
      going = false;
      return false;
    }
    if (held_out_loss == nullptr) return true;
    const bool better = *held_out_loss < least;
    if (better) {
      least = *held_out_loss;
      outcome.best = epoch;
    } else if (patience > 0 && epoch - outcome.best >= patience) {
      going = false;
    }
    return better;
  }
};

// Zero in every lane whose numbers at n, n + W, .. are all finite, else NaN.
template <int W, class T>
STATECAST_INLINE Vec<T, W> not_finite(const T* of, Index count, Vec<T, W> so_far) {
  for (Index n = 0; n < count; n += W) so_far = fma(load<W>(of + n), fill<W>(T(0)), so_far);
  return so_far;
}

}  // namespace statecast::STATECAST_TARGET
