// Random networks with data, and the core's calls on them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "core.h"

inline statecast::OnlineOptions options(statecast::Index epochs, statecast::Index bptt, double learning_rate = 1e-3) {
  statecast::OnlineOptions how;
  how.epochs = epochs, how.bptt = bptt, how.schedule.highest = learning_rate;
  return how;
}

// Uniform in [-scale, scale], the same numbers with every standard library.
class Draw {
 public:
  explicit Draw(unsigned seed) : engine_(seed) {}
  double operator()(double scale) { return scale * (2 * (engine_() / 4294967295.0) - 1); }

 private:
  std::mt19937 engine_;
};

// N networks of one shape, each with its own sequence of `rows` rows and its own state before it.
template <class T>
struct Problem {
  statecast::Shape shape;
  statecast::Index networks, rows, held_out = 0;
  std::vector<T> parameters, x, y, h, c, weights;  // weights may be empty: all are one
  std::vector<std::int64_t> offsets, numbers, starts;

  Problem(statecast::Shape s, statecast::Index rows_, unsigned seed, statecast::Index networks_ = 1)
      : shape(s), networks(networks_), rows(rows_) {
    Draw draw(seed);
    const auto fill = [&](std::vector<T>& into, statecast::Index size, double scale) {
      for (statecast::Index k = 0; k < size * networks; ++k) into.push_back(T(draw(scale)));
    };
    fill(parameters, shape.parameters(), 1 / std::sqrt(double(shape.units)) + 0.2);
    fill(x, rows * shape.inputs, 1);
    fill(y, rows * shape.outputs, 1);
    fill(h, shape.layers * shape.units, 0.9);
    fill(c, shape.layers * shape.units, 1.5);
    for (statecast::Index n = 0; n <= networks; ++n) {
      offsets.push_back(n * rows);
      numbers.push_back(n);
      starts.push_back(n * rows);
    }
  }

  statecast::Sequences<T> sequences() const { return {x.data(), offsets.data(), numbers.data()}; }

  // Network n on its own.
  Problem alone(statecast::Index n) const {
    Problem one = *this;
    const auto cut = [&](std::vector<T>& all) {
      const auto size = std::ptrdiff_t(all.size()) / networks;
      all = std::vector<T>(all.begin() + n * size, all.begin() + (n + 1) * size);
    };
    cut(one.parameters), cut(one.x), cut(one.y), cut(one.h), cut(one.c), cut(one.weights);
    one.networks = 1;
    return one;
  }
};

template <class T>
struct Trained {
  std::vector<T> parameters;
  std::vector<double> losses, held_out_losses;
  std::vector<statecast::NetworkOutcome> outcomes;
  bool whole = false;
};

template <class T>
Trained<T> train(const Problem<T>& problem, const statecast::OnlineOptions& options, bool every_epoch = true,
                 const statecast::Running& running = {}) {
  Trained<T> trained{problem.parameters, {}, {}, {}};
  trained.losses.assign(std::size_t(problem.networks * (every_epoch ? options.epochs : 1)), -1);
  trained.held_out_losses = trained.losses;
  trained.outcomes.resize(std::size_t(problem.networks));
  const std::vector<std::int64_t> held_out(std::size_t(problem.networks), problem.held_out);
  trained.whole = statecast::train_online<T>(
      problem.shape, problem.networks, trained.parameters.data(), problem.sequences(),
      {problem.y.data(), problem.weights.empty() ? nullptr : problem.weights.data(),
       problem.held_out > 0 ? held_out.data() : nullptr},
      options,
      {trained.losses.data(), problem.held_out > 0 ? trained.held_out_losses.data() : nullptr, every_epoch,
       trained.outcomes.data()},
      running);
  return trained;
}

// Runs from the problem's state and leaves the new one in it.
template <class T>
std::vector<T> run(Problem<T>& problem, statecast::Index threads = 1) {
  std::vector<T> yhat(problem.networks * problem.rows * problem.shape.outputs);
  statecast::run<T>(problem.shape, problem.networks, problem.parameters.data(), problem.sequences(), problem.h.data(),
                    problem.c.data(), yhat.data(), problem.starts.data(), {threads, {}});
  return yhat;
}

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

// Largest |a - b| / max(1, |b|).
template <class A, class B>
double distance(const std::vector<A>& a, const std::vector<B>& b) {
  double worst = a.size() == b.size() ? 0 : INFINITY;
  for (std::size_t k = 0; k < a.size() && k < b.size(); ++k) {
    const double d = std::fabs(double(a[k]) - double(b[k])) / std::max(1.0, std::fabs(double(b[k])));
    worst = d <= worst ? worst : d;  // NaN counts as far
  }
  return worst;
}

// How far g is from the slope of f at p, along three directions: |g d - (f(p + s d) - f(p - s d)) / 2s| / max(1, |g| |d|).
template <class Function>
double off_the_slope(const std::vector<double>& p, const std::vector<double>& g, Function f) {
  constexpr double step = 1e-5;
  Draw draw(7);
  double worst = 0;
  for (int direction = 0; direction < 3; ++direction) {
    auto ahead = p, behind = p;
    double expected = 0, size = 0;
    for (std::size_t k = 0; k < g.size(); ++k) {
      const double d = draw(1);
      expected += g[k] * d;
      size += std::fabs(g[k] * d);
      ahead[k] += step * d;
      behind[k] -= step * d;
    }
    const double off = std::fabs((f(ahead) - f(behind)) / (2 * step) - expected) / std::fmax(1, size);
    worst = off <= worst ? worst : off;  // NaN counts as far
  }
  return worst;
}

// Whether an instruction set has a fused multiply-add; those that have give the same bits, and so do those without.
inline bool fuses(const std::string& name) {
#if defined(__aarch64__)
  return !name.empty();
#else
  return name.rfind("avx", 0) == 0;
#endif
}

// The plainest one.
inline void use_the_last_instruction_set() { statecast::use_instruction_set(statecast::instruction_sets().back()); }

// body(name) on every instruction set of this machine; the best one is in use afterwards.
template <class Body>
void on_every_instruction_set(Body body) {
  const auto names = statecast::instruction_sets();
  for (const auto& name : names) {
    statecast::use_instruction_set(name);
    body(name);
  }
  statecast::use_instruction_set(names.front());
}
