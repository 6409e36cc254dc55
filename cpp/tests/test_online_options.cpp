// Held-out rows, weights, schedules and clipping of networks trained online.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "check.h"
#include "many.h"

namespace {

using statecast::Index;
using statecast::OnlineOptions;

// The first rows of a problem of one network, without those held out.
template <class T>
Problem<T> learnt_part(Problem<T> problem) {
  problem.rows -= problem.held_out;
  problem.held_out = 0;
  problem.x.resize(std::size_t(problem.rows * problem.shape.inputs));
  problem.y.resize(std::size_t(problem.rows * problem.shape.outputs));
  problem.offsets = {0, problem.rows};
  return problem;
}

}  // namespace

TEST(held_out_rows_are_not_learnt_from_and_choose_the_epoch) {
  on_every_instruction_set([](const std::string& name) {
    for (const Index units : {4, 12}) {
      Problem<double> problem({2, units, 1, 1 + units / 12}, 14, 3);
      problem.held_out = 5;
      const auto chosen = train(problem, options(40, 3, 0.05));
      const Index best = chosen.outcomes[0].best;
      const auto until = train(learnt_part(problem), options(best + 1, 3, 0.05));
      CHECK(same_bits(chosen.parameters, until.parameters), name, units, best);
      CHECK(std::equal(until.losses.begin(), until.losses.end(), chosen.losses.begin()), name, units);
      const auto& losses = chosen.held_out_losses;
      CHECK(best == std::min_element(losses.begin(), losses.end()) - losses.begin(), name, best);
    }
  });
}

TEST(the_loss_on_held_out_rows_is_that_of_going_on) {
  Problem<double> problem({2, 6, 1, 2}, 14, 3);
  problem.held_out = 5;
  const auto trained = train(problem, options(1, 20, 1e-30));  // one update that changes nothing
  Problem<double> whole = problem;
  std::fill(whole.h.begin(), whole.h.end(), 0), std::fill(whole.c.begin(), whole.c.end(), 0);
  const auto outputs = run(whole);
  double squares = 0;
  for (Index t = 9; t < 14; ++t) squares += (outputs[t] - problem.y[t]) * (outputs[t] - problem.y[t]);
  CHECK(std::fabs(trained.held_out_losses[0] - squares / 5) < 1e-12, trained.held_out_losses[0], squares / 5);
}

TEST(a_row_of_weight_zero_is_not_learnt_from) {
  Problem<double> problem({1, 4, 1}, 12, 3), other = problem;
  problem.weights.assign(12, 1.0);
  for (const Index t : {3, 4, 5, 8}) problem.weights[t] = 0;  // a whole window of them, and one amid others
  other = problem;
  for (const Index t : {3, 4, 5, 8}) other.y[t] = 1e30;
  const auto trained = train(problem, options(30, 3, 0.05));
  CHECK(same_bits(trained.parameters, train(other, options(30, 3, 0.05)).parameters));
  CHECK(same_bits(trained.losses, train(other, options(30, 3, 0.05)).losses));
  for (double& w : other.weights) w *= 7;
  CHECK(distance(trained.parameters, train(other, options(30, 3, 0.05)).parameters) < 1e-10);
}

TEST(rates_rise_and_fall_as_they_are_said_to) {
  statecast::Schedule rate{0.5, true, 4, 0.1};
  for (Index k = 0; k < 4; ++k) CHECK(rate.rate(k, 15) == 0.5 * double(k + 1) / 4, k);
  for (Index k = 4; k < 15; ++k) {
    const double expected = 0.1 + 0.4 * (1 + std::cos(std::numbers::pi * double(k - 4) / 10)) / 2;
    CHECK(std::fabs(rate.rate(k, 15) - expected) < 1e-15, k, rate.rate(k, 15));
  }
  CHECK(rate.rate(4, 15) == 0.5 && std::fabs(rate.rate(14, 15) - 0.1) < 1e-15);
  rate.cosine = false;
  CHECK(rate.rate(3, 15) == 0.5 && rate.rate(14, 15) == 0.5);
  CHECK((statecast::Schedule{0.5}.rate(7, 15) == 0.5));
}

// In float the squares of such a gradient are infinite; shortened, it is of use.
TEST(clipping_saves_a_gradient_whose_squares_are_too_large) {
  Problem<float> problem({1, 4, 1}, 6, 4);
  for (float& y : problem.y) y *= 3e18f;
  for (float& x : problem.x) x *= 1e3f;
  auto clipped = options(5, 6, 1e-3);
  clipped.update.clip = 1;
  const auto trained = train(problem, clipped);
  CHECK(trained.outcomes[0].diverged == -1, trained.outcomes[0].diverged);
  CHECK(!same_bits(trained.parameters, problem.parameters));
  CHECK(distance(trained.parameters, problem.parameters) < 0.01, distance(trained.parameters, problem.parameters));
}

TEST(a_window_without_weight_makes_no_update) {
  Problem<double> problem({1, 4, 1}, 6, 3);
  problem.weights = {1, 1, 1, 0, 0, 0};
  const auto whole = train(problem, options(9, 3, 0.05));
  Problem<double> first = problem;
  first.held_out = 3;
  first = learnt_part(first);
  first.weights.resize(3);
  const auto part = train(first, options(9, 3, 0.05));
  CHECK(same_bits(whole.parameters, part.parameters));
  CHECK(same_bits(whole.losses, part.losses));
}

TEST(of_equal_losses_on_held_out_rows_the_first_epoch_is_kept) {
  Problem<double> problem({1, 4, 1}, 9, 3);
  problem.held_out = 3;
  auto how = options(8, 3, 1e-30);  // nothing changes
  how.patience = 4;
  const auto outcome = train(problem, how).outcomes[0];
  CHECK(outcome.best == 0 && outcome.epochs == 5, outcome.best, outcome.epochs);
}
