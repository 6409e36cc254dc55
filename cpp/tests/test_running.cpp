// Running: step by step, and many sequences at once, with the bits of a run over each sequence alone.
#include <cmath>
#include <string>
#include <vector>

#include "check.h"
#include "many.h"

namespace {

using statecast::Index;
using statecast::Shape;

std::vector<Shape> shapes() {
  return {{1, 4, 1}, {3, 8, 1}, {2, 5, 3}, {3, 16, 2, 2, true}, {2, 20, 1, 3, false, true}, {4, 33, 5, 4, true, true}};
}

template <class T>
std::vector<T> slice(const std::vector<T>& of, Index n, Index size) {
  return {of.begin() + n * size, of.begin() + (n + 1) * size};
}

// Runs over sequences [S, T, ..] from h, c [S, L, H] on, and leaves the states in them.
std::vector<float> run_many(const Many<float>& many, std::vector<float>& h, std::vector<float>& c, Index threads) {
  std::vector<float> yhat(std::size_t(many.sequences * many.steps * many.shape.outputs), 5);
  statecast::run_batched<float>(many.shape, many.parameters.data(), many.data(), h.data(), c.data(), yhat.data(),
                                {threads, {}});
  return yhat;
}

}  // namespace

TEST(step_by_step_has_the_bits_of_a_run) {
  on_every_instruction_set([](const std::string& name) {
    for (const Shape& shape : shapes()) {
      Problem<float> problem(shape, 9, 2);
      statecast::Stepper<float> stepper(shape, problem.parameters.data(), problem.h.data(), problem.c.data());
      std::vector<float> yhat(std::size_t(9 * shape.outputs)), h(problem.h.size()), c(problem.c.size());
      for (Index t = 0; t < 9; ++t) stepper.step(&problem.x[t * shape.inputs], &yhat[t * shape.outputs]);
      stepper.state(h.data(), c.data());
      CHECK(same_bits(yhat, run(problem)), name, shape.units, shape.layers);
      CHECK(same_bits(h, problem.h) && same_bits(c, problem.c), name, shape.units, shape.layers);
    }
  });
}

TEST(many_sequences_have_the_bits_of_each_alone) {
  on_every_instruction_set([](const std::string& name) {
    for (const Shape& shape : shapes()) {
      Many<float> many(shape, {}, shape.outputs, 70, 21, 4);  // more than two chunks, more than one window
      many.mask();
      many.spoil(NAN);
      const Index state = shape.layers * shape.units, O = shape.outputs;
      Draw draw(8);
      std::vector<float> h, c;
      for (Index k = 0; k < 70 * state; ++k) h.push_back(float(draw(0.9))), c.push_back(float(draw(1.5)));
      auto h_after = h, c_after = c;
      const auto yhat = run_many(many, h_after, c_after, 1);
      for (const Index n : {0, 1, 2, 3, 4, 31, 32, 69}) {
        const Many<float> compact = many.compact(n);
        Problem<float> alone(shape, compact.steps, 1);
        alone.parameters = many.parameters, alone.x = compact.x;
        alone.h = slice(h, n, state), alone.c = slice(c, n, state);
        const auto expected = run(alone);
        Index row = 0;
        for (Index t = 0; t < 21; ++t) {
          const auto got = slice(yhat, n * 21 + t, O);
          if (many.present[std::size_t(n * 21 + t)] != 0) {
            CHECK(same_bits(got, slice(expected, row++, O)), name, shape.units, n, t);
          } else {
            CHECK(std::isnan(got[0]) && std::isnan(got[O - 1]), name, n, t);
          }
        }
        CHECK(same_bits(slice(h_after, n, state), alone.h), name, shape.units, n);
        CHECK(same_bits(slice(c_after, n, state), alone.c), name, shape.units, n);
      }
      for (const Index threads : {2, 5}) {
        auto h_again = h, c_again = c;
        CHECK(same_bits(run_many(many, h_again, c_again, threads), yhat), name, threads);
        CHECK(same_bits(h_again, h_after) && same_bits(c_again, c_after), name, threads);
      }
    }
  });
}
