// Running and training one network: the state carries, chunks, epochs, padding, divergence.
#include <cmath>
#include <vector>

#include "check.h"
#include "plain.h"
#include "problem.h"

namespace {

using statecast::Index;
using statecast::OnlineOptions;
using statecast::Shape;

template <class T>
Problem<T> rows_of(const Problem<T>& whole, Index from, Index to) {
  Problem<T> piece = whole;
  piece.rows = to - from;
  piece.x.assign(whole.x.begin() + from * whole.shape.inputs, whole.x.begin() + to * whole.shape.inputs);
  piece.y.assign(whole.y.begin() + from * whole.shape.outputs, whole.y.begin() + to * whole.shape.outputs);
  piece.offsets = {0, piece.rows};
  return piece;
}

template <class T>
void check_pieces(const std::string& name, const Shape& shape) {
  const Problem<T> start(shape, 11, 5);
  Problem<T> whole = start;
  const auto expected = run(whole);
  for (Index cut = 1; cut < 11; ++cut) {
    Problem<T> first = rows_of(start, 0, cut), second = rows_of(start, cut, 11);
    auto outputs = run(first);
    second.h = first.h;
    second.c = first.c;
    const auto rest = run(second);
    outputs.insert(outputs.end(), rest.begin(), rest.end());
    CHECK(same_bits(outputs, expected), name, shape.units, cut);
    CHECK(same_bits(second.h, whole.h) && same_bits(second.c, whole.c), name, shape.units, cut);
  }
}

// Training by the core in double, and by plain loops.
void check_training(const std::string& name, const Shape& shape, Index rows, const OnlineOptions& how) {
  const Problem<double> problem(shape, rows, unsigned(shape.units + 7 * rows));
  const auto trained = train(problem, how);
  auto parameters = problem.parameters;
  const auto losses = plain::train(shape, parameters, problem.x.data(), problem.y.data(), rows, how);
  CHECK(distance(trained.parameters, parameters) < 1e-10, name, shape.inputs, shape.units, shape.outputs, rows,
        how.bptt, distance(trained.parameters, parameters));
  CHECK(distance(trained.losses, losses) < 1e-10, name, shape.units, rows, how.bptt, distance(trained.losses, losses));
}

}  // namespace

TEST(two_pieces_with_the_state_carried_are_the_whole) {
  on_every_instruction_set([](const std::string& name) {
    for (const Index H : {1, 4, 5, 8, 16, 20, 32, 33}) {
      check_pieces<float>(name, {2, H, 2});
      check_pieces<double>(name, {2, H, 2});
      check_pieces<float>(name, {3, H, 1, 3, true, true});
    }
  });
}

TEST(run_agrees_with_plain_loops) {
  on_every_instruction_set([](const std::string& name) {
    for (const Index H : {1, 4, 5, 8, 16, 20, 32, 33}) {
      Problem<double> problem({3, H, 2}, 9, unsigned(H));
      plain::State state{problem.h, problem.c};
      std::vector<double> expected;
      for (Index t = 0; t < problem.rows; ++t) {
        const auto step = plain::forward(problem.shape, problem.parameters, problem.x.data() + 3 * t, state);
        state = {step.h, step.c};
        expected.insert(expected.end(), step.yhat.begin(), step.yhat.end());
      }
      CHECK(distance(run(problem), expected) < 1e-13, name, H);
      CHECK(distance(problem.h, state.h) < 1e-13 && distance(problem.c, state.c) < 1e-13, name, H);
    }
  });
}

TEST(training_agrees_with_plain_loops) {
  on_every_instruction_set([](const std::string& name) {
    for (const Index H : {1, 4, 5, 8, 16, 20, 33})  // 5 and 33 have padded units, which must not matter
      for (const Index bptt : {1, 3, 4, 12, 100})   // 3 leaves a shorter last chunk, 100 is one chunk
        check_training(name, {2, H, 2}, 10, options(5, bptt, 0.01));
  });
}

TEST(adam_uses_each_of_its_constants) {
  OnlineOptions how = options(20, 2, 0.02);
  how.update.adam = {0.7, 0.95, 1e-2};
  on_every_instruction_set([&](const std::string& name) { check_training(name, {1, 5, 1}, 9, how); });
}

TEST(last_loss_alone_is_that_of_every_epoch) {
  const Problem<float> problem({1, 4, 1}, 10, 2, 3);
  const auto all = train(problem, options(7, 3)), last = train(problem, options(7, 3), false);
  CHECK(same_bits(all.parameters, last.parameters));
  for (Index n = 0; n < 3; ++n)
    CHECK(all.losses[n * 7 + 6] == last.losses[n], n, all.losses[n * 7 + 6], last.losses[n]);
}

TEST(instruction_sets_agree_after_300_epochs) {
  const Problem<float> problem({1, 4, 1}, 24, 8);
  use_the_last_instruction_set();
  const auto expected = train(problem, options(300, 1));
  on_every_instruction_set([&](const std::string& name) {
    const auto trained = train(problem, options(300, 1));
    const double apart = distance(trained.parameters, expected.parameters);
    std::cout << "        " << name << " and the last one are " << apart << " apart\n";
    CHECK(apart < 1e-5, name, apart);
    CHECK(distance(trained.losses, expected.losses) < 1e-5, name, distance(trained.losses, expected.losses));
  });
}

TEST(those_with_a_fused_multiply_add_agree_bit_for_bit_and_so_do_those_without) {
  const Problem<float> problem({2, 20, 1}, 24, 8);
  std::vector<std::vector<float>> fused, twice;
  on_every_instruction_set([&](const std::string& name) {
    (fuses(name) ? fused : twice).push_back(train(problem, options(50, 4)).parameters);
  });
  for (const auto& other : fused) CHECK(same_bits(other, fused[0]));
  for (const auto& other : twice) CHECK(same_bits(other, twice[0]));
}

TEST(infinite_loss_names_network_and_epoch) {
  Problem<float> problem({1, 4, 1}, 6, 4, 5);
  for (const Index n : {2, 4}) problem.y[n * problem.rows + 3] = 1e30f;  // its square is infinite in float
  const auto trained = train(problem, options(50, 2));
  CHECK(trained.whole);
  for (Index n = 0; n < 5; ++n) {
    const bool bad = n == 2 || n == 4;
    CHECK(trained.outcomes[n].diverged == (bad ? 0 : -1), n, trained.outcomes[n].diverged);
    CHECK(trained.outcomes[n].epochs == (bad ? 1 : 50), n, trained.outcomes[n].epochs);
  }
}

TEST(divergence_in_a_later_epoch_is_named) {
  Problem<float> problem({1, 4, 1}, 6, 4);
  problem.y[3] = 1e19f;  // its square is finite; the one update of an epoch overshoots it by far
  on_every_instruction_set([&](const std::string& name) {
    const auto one = train(problem, options(1, 6, 1e20)), many = train(problem, options(9, 6, 1e20));
    CHECK(one.outcomes[0].diverged == -1 && std::isfinite(one.losses[0]), name, one.losses[0]);
    CHECK(many.outcomes[0].diverged == 1, name, many.outcomes[0].diverged);
    CHECK(same_bits(many.parameters, one.parameters), name);  // the last finite ones
    CHECK(many.losses[0] == one.losses[0] && !std::isfinite(many.losses[1]), name, many.losses[0], many.losses[1]);
    CHECK(many.losses[2] == -1, name, many.losses[2]);  // the rest of the work is not done
  });
}

TEST(infinite_last_update_counts_as_divergence) {
  Problem<float> problem({1, 4, 1}, 1, 4);
  problem.x[0] = 1e38f;  // the loss is finite, the gradient of the kernel is not
  problem.y[0] = 1e17f;
  for (Index p = 0; p < 16; ++p) problem.parameters[p] *= 1e-38f;  // so that no gate is saturated
  const auto trained = train(problem, options(1, 1));
  CHECK(std::isfinite(trained.losses[0]), trained.losses[0]);
  CHECK(trained.outcomes[0].diverged == 0, trained.outcomes[0].diverged);
  CHECK(same_bits(trained.parameters, problem.parameters));  // the last finite ones
}
