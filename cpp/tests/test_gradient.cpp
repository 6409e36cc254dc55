// The gradient against central finite differences and against the plain LSTM, in double.
#include <cmath>
#include <vector>

#include "check.h"
#include "plain.h"
#include "problem.h"

namespace {

using statecast::Index;
using statecast::Shape;

double loss_at(const Problem<double>& problem, const std::vector<double>& parameters) {
  std::vector<double> unused(parameters.size());
  return statecast::gradient<double>(problem.shape, parameters.data(), problem.x.data(), problem.y.data(), problem.rows,
                                     problem.h.data(), problem.c.data(), unused.data());
}

// body(shape, rows) for sizes that fill their vectors, sizes that do not, and more than the compiler knows.
template <class Body>
void for_many_shapes(Body body) {
  for (const Index I : {1, 3})
    for (const Index H : {1, 4, 5, 8, 16, 20, 32, 33})
      for (const Index O : {1, 3})
        for (const Index rows : {1, 2, 7}) body(Shape{I, H, O}, rows);
}

}  // namespace

TEST(gradient_agrees_with_finite_differences) {
  on_every_instruction_set([](const std::string& name) {
    for_many_shapes([&](const Shape& shape, Index rows) {
      const Problem<double> problem(shape, rows, unsigned(100 * shape.units + 10 * rows + shape.outputs));
      std::vector<double> g(problem.parameters.size());
      statecast::gradient<double>(shape, problem.parameters.data(), problem.x.data(), problem.y.data(), rows,
                                  problem.h.data(), problem.c.data(), g.data());
      const double off = off_the_slope(problem.parameters, g, [&](const auto& p) { return loss_at(problem, p); });
      CHECK(off < 1e-7, name, shape.inputs, shape.units, shape.outputs, rows, off);
    });
  });
}

TEST(gradient_agrees_with_the_plain_one_in_every_entry) {
  on_every_instruction_set([](const std::string& name) {
    for_many_shapes([&](const Shape& shape, Index rows) {
      const Problem<double> problem(shape, rows, unsigned(shape.units + rows));
      std::vector<double> g(problem.parameters.size()), expected;
      const double loss =
          statecast::gradient<double>(shape, problem.parameters.data(), problem.x.data(), problem.y.data(), rows,
                                      problem.h.data(), problem.c.data(), g.data());
      plain::State state{problem.h, problem.c};
      const double plain_loss =
          plain::gradient(shape, problem.parameters, problem.x.data(), problem.y.data(), rows, state, expected);
      CHECK(std::fabs(loss - plain_loss) < 1e-12 * (1 + plain_loss), name, loss, plain_loss);
      CHECK(distance(g, expected) < 1e-12, name, shape.inputs, shape.units, shape.outputs, rows, distance(g, expected));
    });
  });
}

TEST(gradient_in_float_is_near_that_in_double) {
  on_every_instruction_set([](const std::string& name) {
    for_many_shapes([&](const Shape& shape, Index rows) {
      const Problem<float> single(shape, rows, 3);
      Problem<double> wide(shape, rows, 3);
      const auto widen = [](std::vector<double>& to, const std::vector<float>& from) {
        to.assign(from.begin(), from.end());
      };
      widen(wide.parameters, single.parameters), widen(wide.x, single.x), widen(wide.y, single.y);
      widen(wide.h, single.h), widen(wide.c, single.c);
      std::vector<float> g(single.parameters.size());
      std::vector<double> expected(g.size());
      statecast::gradient<float>(shape, single.parameters.data(), single.x.data(), single.y.data(), rows,
                                 single.h.data(), single.c.data(), g.data());
      statecast::gradient<double>(shape, wide.parameters.data(), wide.x.data(), wide.y.data(), rows, wide.h.data(),
                                  wide.c.data(), expected.data());
      CHECK(distance(g, expected) < 1e-5, name, shape.inputs, shape.units, shape.outputs, rows, distance(g, expected));
    });
  });
}
