// Training on many sequences: threads, instruction sets, plain updates, clipping, stopping, numbers that are not finite.
#include <cmath>
#include <utility>
#include <vector>

#include "check.h"
#include "many.h"

namespace {

using statecast::BatchOptions;
using statecast::Index;
using statecast::Loss;
using statecast::Running;

const auto kGoOn = [](Index) { return true; };

// 70 sequences: three chunks, the last one short; 12 steps, in windows of 5, 5 and 2.
template <class T>
Many<T> seventy(Index H, const Loss& loss, Index layers = 2) {
  Many<T> many({3, H, 0, layers, layers > 1, true}, loss, 2, 70, 12, unsigned(H));
  many.mask().weigh();
  return many;
}

BatchOptions options(Index batch, Index window, const Loss& loss, double clip = 0) {
  BatchOptions chosen{batch, window, loss, {}, {}};
  chosen.update.clip = clip;
  return chosen;
}

}  // namespace

TEST(threads_change_no_bit_of_batched_training) {
  on_every_instruction_set([](const std::string& name) {
    for (const Index H : {4, 5, 16}) {
      for (const Index batch : {33, 70, 100}) {
        const Loss& loss = every_loss()[std::size_t(H) % 7];
        const auto many = seventy<float>(H, loss);
        const auto how = options(batch, 5, loss, 0.5);
        const auto expected = train(many, how, 4, 0.01);
        CHECK(expected.last.finite && !expected.last.stopped && expected.losses[3] < expected.losses[0], name, H);
        CHECK(expected.last.updates == (batch == 33 ? 9 : 3), batch, expected.last.updates);
        for (const Running& running : {Running{1, kGoOn}, {2, {}}, {2, kGoOn}, {3, {}}, {30, kGoOn}}) {
          const auto got = train(many, how, 4, 0.01, running);
          CHECK(same_bits(got.parameters, expected.parameters), name, H, batch, running.threads);
          CHECK(same_bits(got.losses, expected.losses), name, H, batch, running.threads);
        }
      }
    }
  });
}

TEST(threads_change_no_bit_of_a_batched_loss) {
  for (const Loss& loss : every_loss()) {
    Many<float> many({3, 9, 0, 2, true, true}, loss, 2, 70, 40, 3);
    many.mask().weigh();
    const auto expected = slope_of(many);
    const double alone = loss_of(many, many.parameters);
    CHECK(std::fabs(alone - expected.loss) < 1e-12 * (1 + std::fabs(alone)), int(loss.kind), alone, expected.loss);
    for (const Index threads : {2, 3, 9}) {
      CHECK(slope_of(many, threads).same_as(expected), int(loss.kind), threads);
      CHECK(loss_of(many, many.parameters, threads) == alone, int(loss.kind), threads);
    }
  }
}

TEST(instruction_sets_agree_on_batched_training) {
  for (const Loss& loss : every_loss()) {
    const auto many = seventy<double>(5, loss);
    const auto single = seventy<float>(5, loss);
    const auto how = options(40, 5, loss);
    use_the_last_instruction_set();
    const auto expected = train(many, how, 5, 0.003);
    const auto rough = train(single, how, 5, 0.003);
    std::vector<std::vector<float>> fused, twice;
    on_every_instruction_set([&](const std::string& name) {
      const double apart = distance(train(many, how, 5, 0.003).parameters, expected.parameters);
      CHECK(apart < 1e-9, name, int(loss.kind), apart);
      const auto got = train(single, how, 5, 0.003);
      CHECK(distance(got.parameters, rough.parameters) < 1e-3, name, distance(got.parameters, rough.parameters));
      (fuses(name) ? fused : twice).push_back(got.parameters);
    });
    for (const auto& other : fused) CHECK(same_bits(other, fused[0]), int(loss.kind));
    for (const auto& other : twice) CHECK(same_bits(other, twice[0]), int(loss.kind));
  }
}

// Whole sequences in one mini-batch: an update is Adam on the gradient that batched_loss gives.
TEST(an_update_is_adam_on_the_clipped_gradient) {
  on_every_instruction_set([](const std::string& name) {
    for (const double clip : {0.0, 0.05}) {
      auto many = seventy<double>(6, every_loss()[4]);
      const auto trained = train(many, options(70, 0, many.loss, clip), 3, 0.01);
      std::vector<double> m(many.parameters.size(), 0), v(m), losses;
      for (int t = 1; t <= 3; ++t) {
        auto slope = slope_of(many);
        double squares = 0;
        for (const double g : slope.g) squares += g * g;
        const double norm = std::sqrt(squares), shrink = clip > 0 && norm > clip ? clip / norm : 1;
        CHECK(clip == 0 || norm > clip, norm);  // or this test would not see it
        losses.push_back(slope.loss);
        const double rate = 0.01 * std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t));
        for (std::size_t p = 0; p < m.size(); ++p) {
          const double g = shrink * slope.g[p];
          m[p] += 0.1 * (g - m[p]);
          v[p] += 0.001 * (g * g - v[p]);
          many.parameters[p] -= rate * m[p] / (std::sqrt(v[p]) + 1e-7);
        }
      }
      CHECK(distance(trained.parameters, many.parameters) < 1e-9, name, distance(trained.parameters, many.parameters));
      CHECK(distance(trained.losses, losses) < 1e-9, name, clip);
    }
  });
}

TEST(a_window_starts_from_the_state_that_the_last_one_left) {
  Many<double> many({2, 5, 0, 2, false, false}, Loss{}, 1, 40, 12, 4);
  const auto still = train(many, options(40, 5, Loss{}), 1, 0.0);  // nothing is learnt
  double sum = 0;
  for (const auto& [from, to] : {std::pair{0, 5}, {5, 10}, {10, 12}}) {
    Many<double> part = many;
    part.weights.assign(many.y.size(), 0);
    for (Index s = 0; s < 40; ++s)
      for (Index t = from; t < to; ++t) part.weights[std::size_t(s * 12 + t)] = 1;
    sum += loss_of(part, part.parameters);
  }
  CHECK(std::fabs(still.losses[0] - sum / 3) < 1e-13, still.losses[0], sum / 3);
  CHECK(same_bits(still.parameters, many.parameters));
}

TEST(tick_stops_batched_training) {
  const Many<float> many({1, 32, 0, 1, false, false}, Loss{}, 1, 64, 20'000, 4);
  for (const Index threads : {1, 2}) {
    Index called = 0;
    const auto trained = train(many, options(64, 1, Loss{}), 1, 1e-4, {threads, [&](Index) { return ++called < 2; }});
    CHECK(trained.last.stopped && trained.last.finite, threads);
    CHECK(called == 2, threads, called);
    CHECK(trained.last.updates > 0 && trained.last.updates < 20'000, threads, trained.last.updates);
  }
}

TEST(infinite_loss_leaves_the_parameters_of_before) {
  auto many = seventy<float>(5, Loss{});
  many.present.clear(), many.weights.clear();
  const auto how = options(70, 6, Loss{});
  const auto one_window = [&] {  // the second window alone is spoilt: one update is made
    auto first = many;
    for (Index at = 0; at < 70 * 12; ++at) first.present.push_back(at % 12 < 6 ? 1 : 0);
    return train(first, how, 1, 0.01).parameters;
  }();
  many.y[(20 * 12 + 8) * 2] = 1e30f;
  for (const Index threads : {1, 2, 3}) {
    const auto trained = train(many, how, 1, 0.01, {threads, kGoOn});
    CHECK(!trained.last.finite && !trained.last.stopped && trained.last.updates == 1, threads, trained.last.updates);
    CHECK(same_bits(trained.parameters, one_window), threads);
  }
}

TEST(a_gradient_too_large_leaves_the_parameters_or_is_clipped) {
  Many<float> many({1, 4, 0, 1, false, false}, Loss{}, 1, 3, 2, 4);
  many.x.assign(6, 1e38f);  // the loss is finite, the squares of the gradient are not
  for (Index p = 0; p < 16; ++p) many.parameters[std::size_t(p)] *= 1e-38f;  // so that no gate is saturated
  CHECK(std::isfinite(loss_of(many, many.parameters)));
  const auto left = train(many, options(3, 0, Loss{}), 2, 0.01);
  CHECK(!left.last.finite && left.last.updates == 0, left.last.updates);
  CHECK(same_bits(left.parameters, many.parameters));
  const auto clipped = train(many, options(3, 0, Loss{}, 1.0), 1, 0.01);
  CHECK(clipped.last.finite && clipped.last.updates == 1, clipped.last.updates);
  CHECK(!same_bits(clipped.parameters, many.parameters) && distance(clipped.parameters, many.parameters) < 0.011);
}
