// Random sequences for one network, with a mask and weights, and the core's calls on them.
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "problem.h"

inline const std::vector<statecast::Loss>& every_loss() {
  using statecast::LossKind;
  static const std::vector<statecast::Loss> all = {
      {LossKind::squared, 1, {}},           {LossKind::absolute, 1, {}}, {LossKind::huber, 0.4, {}},
      {LossKind::pinball, 1, {.1, .5, .9}}, {LossKind::gaussian, 1, {}}, {LossKind::student_t, 1, {}},
      {LossKind::negative_binomial, 1, {}}};
  return all;
}

template <class T>
struct Many {
  statecast::Shape shape;
  statecast::Loss loss;
  statecast::Index sequences, steps, targets;
  std::vector<T> parameters, x, y, weights;  // weights and present may be empty: all are one
  std::vector<unsigned char> present;

  Many(statecast::Shape s, statecast::Loss of, statecast::Index targets_, statecast::Index sequences_,
       statecast::Index steps_, unsigned seed)
      : shape(s), loss(of), sequences(sequences_), steps(steps_), targets(targets_) {
    shape.outputs = targets * loss.outputs_per_target();
    Draw draw(seed);
    const auto fill = [&](std::vector<T>& into, statecast::Index size, double scale) {
      for (statecast::Index k = 0; k < size; ++k) into.push_back(T(draw(scale)));
    };
    fill(parameters, shape.parameters(), 1 / std::sqrt(double(shape.units)) + 0.2);
    fill(x, sequences * steps * shape.inputs, 1);
    fill(y, sequences * steps * targets, 1);
    if (loss.kind == statecast::LossKind::negative_binomial)
      for (T& value : y) value = std::round(4 * std::fabs(value));
  }

  // By turns: whole, a gap in the middle, steps missing at the start, at the end, all over.
  Many& mask() {
    for (statecast::Index s = 0; s < sequences; ++s) {
      for (statecast::Index t = 0; t < steps; ++t) {
        const bool gaps[] = {false, t >= steps / 3 && t < steps / 3 + 2, t < 2, t >= steps - 2, (t + s) % 3 == 1};
        present.push_back(gaps[s % 5] ? 0 : 1);
      }
    }
    return *this;
  }

  // Between 0.1 and 2.1, and here and there 0.
  Many& weigh() {
    Draw draw(99);
    for (std::size_t k = 0; k < y.size(); ++k) weights.push_back(k % 7 == 3 ? T(0) : T(1.1 + draw(1)));
    return *this;
  }

  statecast::BatchData<T> data() const {
    return {sequences,
            steps,
            x.data(),
            y.data(),
            present.empty() ? nullptr : present.data(),
            weights.empty() ? nullptr : weights.data()};
  }

  // Puts numbers where nobody may look.
  void spoil(T garbage) {
    for (std::size_t at = 0; at < present.size(); ++at) {
      if (present[at] != 0) continue;
      std::fill_n(x.begin() + std::ptrdiff_t(at) * shape.inputs, shape.inputs, garbage);
      std::fill_n(y.begin() + std::ptrdiff_t(at) * targets, targets, garbage);
      if (!weights.empty()) std::fill_n(weights.begin() + std::ptrdiff_t(at) * targets, targets, garbage);
    }
  }

  // One sequence, without those that are missing.
  Many compact(statecast::Index s) const {
    Many one = *this;
    one.x.clear(), one.y.clear(), one.weights.clear(), one.present.clear();
    one.sequences = 1, one.steps = 0;
    for (statecast::Index at = s * steps; at < (s + 1) * steps; ++at) {
      if (!present.empty() && present[std::size_t(at)] == 0) continue;
      ++one.steps;
      one.x.insert(one.x.end(), x.begin() + at * shape.inputs, x.begin() + (at + 1) * shape.inputs);
      one.y.insert(one.y.end(), y.begin() + at * targets, y.begin() + (at + 1) * targets);
      if (!weights.empty())
        one.weights.insert(one.weights.end(), weights.begin() + at * targets, weights.begin() + (at + 1) * targets);
    }
    return one;
  }
};

template <class T>
struct Slope {
  double loss;
  std::vector<T> g;

  bool same_as(const Slope& other) const { return loss == other.loss && same_bits(g, other.g); }
};

template <class T>
Slope<T> slope_of(const Many<T>& many, statecast::Index threads = 1) {
  Slope<T> slope{0, std::vector<T>(many.parameters.size())};
  slope.loss = statecast::batched_loss<T>(many.shape, many.parameters.data(), many.data(), many.loss, slope.g.data(),
                                          {threads, {}});
  return slope;
}

template <class T>
double loss_of(const Many<T>& many, const std::vector<T>& parameters, statecast::Index threads = 1) {
  return statecast::batched_loss<T>(many.shape, parameters.data(), many.data(), many.loss, nullptr, {threads, {}});
}

// Trains for some epochs, the order of sequences turned by one each time.
template <class T>
struct Epochs {
  std::vector<T> parameters;
  std::vector<double> losses;
  statecast::EpochOutcome last;
};

template <class T>
Epochs<T> train(const Many<T>& many, const statecast::BatchOptions& options, int epochs, double rate,
                const statecast::Running& running = {}) {
  statecast::BatchedTrainer<T> trainer(many.shape, many.parameters.data(), many.data(), options);
  std::vector<std::int64_t> order(std::size_t(many.sequences), 0);
  std::iota(order.begin(), order.end(), 0);
  const std::vector<double> rates(std::size_t(trainer.updates(many.sequences)), rate);
  Epochs<T> result{many.parameters, {}, {}};
  for (int epoch = 0; epoch < epochs; ++epoch) {
    result.last = trainer.epoch(order.data(), many.sequences, rates.data(), running);
    result.losses.push_back(result.last.loss);
    std::rotate(order.begin(), order.begin() + 1, order.end());
  }
  trainer.parameters(result.parameters.data());
  return result;
}
