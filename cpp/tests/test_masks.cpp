// Losses of many sequences and their gradients: finite differences, masks, padding, chunks.
#include <cmath>
#include <vector>

#include "check.h"
#include "many.h"

namespace {

using statecast::Index;
using statecast::Loss;
using statecast::Shape;

// The one sequence again, with `before` and `after` missing steps around it.
template <class T>
Many<T> padded(const Many<T>& one, Index before, Index after) {
  Many<T> wide = one;
  const auto pad = [&](auto& all, Index width, auto value) {
    all.insert(all.begin(), std::size_t(before * width), value);
    all.insert(all.end(), std::size_t(after * width), value);
  };
  wide.steps += before + after;
  wide.present.assign(std::size_t(one.steps), 1);
  pad(wide.x, one.shape.inputs, T(3)), pad(wide.y, one.targets, T(2)), pad(wide.present, 1, (unsigned char)(0));
  if (!one.weights.empty()) pad(wide.weights, one.targets, T(1));
  return wide;
}

}  // namespace

TEST(gradient_of_every_loss_agrees_with_finite_differences) {
  double worst = 0;
  on_every_instruction_set([&](const std::string& name) {
    for (const Loss& loss : every_loss()) {
      for (const bool masks : {false, true}) {
        for (const bool deep : {false, true}) {
          const Shape shape{3, deep ? 5 : 16, 0, deep ? 3 : 1, deep, deep};
          Many<double> many(shape, loss, 2, 10, 7, 31 + unsigned(deep));
          if (masks) many.mask().weigh();
          const auto slope = slope_of(many);
          const double off = off_the_slope(many.parameters, slope.g, [&](const auto& p) { return loss_of(many, p); });
          CHECK(off < 1e-7, name, int(loss.kind), masks, deep, off);
          CHECK(std::fabs(slope.loss - loss_of(many, many.parameters)) < 1e-13 * (1 + std::fabs(slope.loss)), name);
          worst = std::fmax(worst, off);
        }
      }
    }
  });
  std::cout << "        at most " << worst << " off\n";
}

TEST(gradient_over_several_chunks_agrees_with_finite_differences) {
  on_every_instruction_set([&](const std::string& name) {
    Many<double> many({2, 6, 0, 2, true, true}, every_loss()[4], 1, 70, 5, 8);
    many.mask().weigh();
    const double off =
        off_the_slope(many.parameters, slope_of(many).g, [&](const auto& p) { return loss_of(many, p); });
    CHECK(off < 1e-7, name, off);
  });
}

TEST(loss_of_many_is_the_weighted_mean_of_each) {
  on_every_instruction_set([&](const std::string& name) {
    for (const Loss& loss : every_loss()) {
      Many<double> many({2, 8, 0, 2, false, true}, loss, 2, 40, 9, 8);
      many.mask().weigh();
      double sum = 0, weights = 0;
      for (Index s = 0; s < many.sequences; ++s) {
        const auto one = many.compact(s);
        double weight = 0;
        for (const double w : one.weights) weight += w;
        sum += weight * loss_of(one, one.parameters);
        weights += weight;
      }
      const double whole = loss_of(many, many.parameters);
      CHECK(std::fabs(whole - sum / weights) < 1e-12, name, int(loss.kind), whole, sum / weights);
    }
  });
}

TEST(one_sequence_in_a_batch_is_the_online_gradient) {
  on_every_instruction_set([&](const std::string& name) {
    const Many<double> many({2, 8, 0, 2, true, true}, Loss{}, 3, 1, 9, 8);
    const std::vector<double> zero(16, 0.0);
    std::vector<double> g(many.parameters.size());
    const double loss = statecast::gradient<double>(many.shape, many.parameters.data(), many.x.data(), many.y.data(),
                                                    many.steps, zero.data(), zero.data(), g.data());
    const auto slope = slope_of(many);
    CHECK(std::fabs(loss - slope.loss) < 1e-14 && distance(slope.g, g) < 1e-14, name, distance(slope.g, g));
  });
}

TEST(missing_steps_are_as_if_they_were_not_there) {
  on_every_instruction_set([&](const std::string& name) {
    for (const Loss& loss : every_loss()) {
      for (const bool deep : {false, true}) {
        Many<float> many({2, deep ? 20 : 4, 0, deep ? 3 : 1, deep, deep}, loss, 2, 1, 9, 8);
        many.weigh();
        const auto expected = slope_of(many);
        CHECK(slope_of(padded(many, 0, 4)).same_as(expected), name, int(loss.kind), deep);
        CHECK(slope_of(padded(many, 3, 0)).same_as(expected), name, int(loss.kind), deep);
        CHECK(slope_of(padded(many, 2, 9)).same_as(expected), name, int(loss.kind), deep);
        many.present = {1, 1, 0, 0, 1, 0, 1, 1, 0};
        CHECK(slope_of(many).same_as(slope_of(many.compact(0))), name, int(loss.kind), deep);
      }
    }
  });
}

TEST(what_stands_behind_the_mask_changes_no_bit) {
  on_every_instruction_set([&](const std::string& name) {
    for (const Loss& loss : every_loss()) {
      Many<float> many({3, 9, 0, 2, true, true}, loss, 2, 40, 20, 8);
      many.mask().weigh();
      Many<float> spoilt = many;
      spoilt.spoil(1e6f);
      CHECK(slope_of(spoilt).same_as(slope_of(many)), name, int(loss.kind));
      CHECK(loss_of(spoilt, many.parameters) == loss_of(many, many.parameters), name, int(loss.kind));
      statecast::BatchOptions options{25, 6, loss, {}, {}};
      const auto expected = train(many, options, 2, 0.01), got = train(spoilt, options, 2, 0.01);
      CHECK(same_bits(got.parameters, expected.parameters) && same_bits(got.losses, expected.losses), name);
    }
  });
}

TEST(place_of_a_chunk_changes_no_bit) {
  constexpr Index chunk = 32, steps = 6;
  on_every_instruction_set([&](const std::string& name) {
    for (const Index H : {4, 20}) {
      Many<float> start({2, H, 0, 2, true, true}, Loss{}, 1, 3 * chunk, steps, 8);
      const auto copy = [&](Many<float>& to, Index place) {  // the first chunk's data, and nothing else present
        to.present.assign(std::size_t(to.sequences * steps), 0);
        std::fill_n(to.present.begin() + place * chunk * steps, chunk * steps, (unsigned char)(1));
        std::copy_n(start.x.begin(), chunk * steps * 2, to.x.begin() + place * chunk * steps * 2);
        std::copy_n(start.y.begin(), chunk * steps, to.y.begin() + place * chunk * steps);
      };
      Many<float> alone = start;
      alone.sequences = chunk;
      const auto expected = slope_of(alone);
      for (Index place = 0; place < 3; ++place) {
        Many<float> moved = start;
        copy(moved, place);
        CHECK(slope_of(moved).same_as(expected), name, H, place);
      }
    }
  });
}

TEST(nothing_present_costs_nothing) {
  Many<float> many({2, 5, 0, 1, false, false}, Loss{}, 1, 3, 4, 8);
  many.present.assign(12, 0);
  const auto slope = slope_of(many);
  CHECK(slope.loss == 0, slope.loss);
  for (const float g : slope.g) CHECK(g == 0, g);
  const auto trained = train(many, {2, 3, {}, {}, {}}, 2, 0.01);
  CHECK(same_bits(trained.parameters, many.parameters) && trained.last.updates == 0, trained.last.updates);
}
