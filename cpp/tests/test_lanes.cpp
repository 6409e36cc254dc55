// Small networks trained side by side, one a lane: the bits of each alone, whatever the loss and the options.
#include <cmath>
#include <string>
#include <vector>

#include "check.h"
#include "many.h"

namespace {

using statecast::Index;
using statecast::OnlineOptions;

constexpr Index kNetworks = 21;  // a full group of lanes and a part of one, whatever their number

template <class T>
void check_same_as_alone(const std::string& name, const Problem<T>& together, const OnlineOptions& how) {
  const auto trained = train(together, how);
  Problem<T> after = together;
  after.parameters = trained.parameters;
  for (Index n = 0; n < together.networks; ++n) {
    const auto alone = train(together.alone(n), how);
    const auto from = trained.losses.begin() + n * how.epochs,
               held_out = trained.held_out_losses.begin() + n * how.epochs;
    CHECK(same_bits(alone.parameters, after.alone(n).parameters), name, int(how.loss.kind), n);
    if (alone.outcomes[0].diverged < 0)
      CHECK(std::equal(alone.losses.begin(), alone.losses.end(), from), name, int(how.loss.kind), n);
    if (alone.outcomes[0].diverged < 0)
      CHECK(std::equal(alone.held_out_losses.begin(), alone.held_out_losses.end(), held_out), name, n);
    const auto &one = alone.outcomes[0], &other = trained.outcomes[n];
    CHECK(one.epochs == other.epochs && one.best == other.best && one.diverged == other.diverged, name, n,
          other.epochs);
  }
}

// One target of each loss.
Problem<float> problem_of(const statecast::Loss& loss, Index units) {
  Problem<float> problem({2, units, loss.outputs_per_target()}, 13, 3, kNetworks);
  problem.y.resize(std::size_t(problem.rows * kNetworks));
  if (loss.kind == statecast::LossKind::negative_binomial)
    for (float& y : problem.y) y = std::round(4 * std::fabs(y));
  return problem;
}

}  // namespace

TEST(lanes_have_the_bits_of_networks_alone_with_every_loss) {
  for (const auto& loss : every_loss()) {
    OnlineOptions how = options(6, 4, 0.01);
    how.loss = loss;
    on_every_instruction_set([&](const std::string& name) {
      for (const Index units : {3, 4, 7, 8}) check_same_as_alone(name, problem_of(loss, units), how);
    });
  }
}

TEST(lanes_have_the_bits_of_networks_alone_with_every_option) {
  OnlineOptions clipped = options(7, 3, 0.02), decayed = options(7, 1, 0.02), scheduled = options(7, 5, 0.05);
  clipped.update.clip = 0.3;
  decayed.update.adam = {0.8, 0.99, 1e-8, true, 0.1};
  scheduled.schedule.cosine = true, scheduled.schedule.warm_up = 4, scheduled.schedule.floor = 1e-3;
  on_every_instruction_set([&](const std::string& name) {
    for (const OnlineOptions& how : {clipped, decayed, scheduled})
      check_same_as_alone(name, Problem<float>({3, 6, 2}, 11, 4, kNetworks), how);
  });
}

TEST(lanes_end_each_in_its_own_epoch) {
  OnlineOptions how = options(60, 3, 0.05);
  how.patience = 3;
  Problem<float> problem({1, 5, 1}, 12, 6, kNetworks);
  problem.held_out = 4;
  problem.y[5 * problem.rows + 2] = 1e30f;  // network 5 diverges at once
  on_every_instruction_set([&](const std::string& name) {
    check_same_as_alone(name, problem, how);
    const auto trained = train(problem, how);
    CHECK(trained.outcomes[5].diverged == 0 && trained.outcomes[5].epochs == 1, name, trained.outcomes[5].diverged);
    Index different = 0;
    for (const auto& outcome : trained.outcomes) {
      if (outcome.diverged >= 0) continue;
      CHECK(outcome.epochs == 60 || outcome.epochs == outcome.best + 4, name, outcome.epochs, outcome.best);
      different += outcome.epochs != trained.outcomes[0].epochs ? 1 : 0;
    }
    CHECK(different > 0, name);
  });
}
