// Stacked layers, residual and skip: outputs against plain loops, gradients against finite differences, in double.
#include <cmath>
#include <vector>

#include "check.h"
#include "problem.h"

namespace {

using statecast::Index;
using statecast::Shape;
using Numbers = std::vector<double>;

double sigmoid(double z) { return 1 / (1 + std::exp(-z)); }

// Outputs of one row; h, c [L, H] move on. Parameters in the outer order of shape.h.
Numbers plain_row(const Shape& shape, const double* w, const double* x, Numbers& h, Numbers& c) {
  const Index H = shape.units, O = shape.outputs;
  const Numbers inputs(x, x + shape.inputs);
  Numbers in = inputs;
  for (Index l = 0; l < shape.layers; ++l) {
    Numbers row = in;
    row.insert(row.end(), h.begin() + l * H, h.begin() + (l + 1) * H);
    row.push_back(1);
    Numbers z(4 * H, 0.0);
    for (const double value : row)
      for (Index j = 0; j < 4 * H; ++j) z[j] += value * *w++;
    Numbers out(H);
    for (Index k = 0; k < H; ++k) {
      c[l * H + k] = sigmoid(z[H + k]) * c[l * H + k] + sigmoid(z[k]) * std::tanh(z[2 * H + k]);
      h[l * H + k] = sigmoid(z[3 * H + k]) * std::tanh(c[l * H + k]);
      out[k] = h[l * H + k] + (shape.residual && l > 0 ? in[k] : 0);
    }
    in = out;
  }
  if (shape.skip) in.insert(in.end(), inputs.begin(), inputs.end());
  Numbers y(w + std::ptrdiff_t(in.size()) * O, w + std::ptrdiff_t(in.size() + 1) * O);
  for (const double value : in)
    for (Index o = 0; o < O; ++o) y[o] += value * *w++;
  return y;
}

// body(shape) for every number of layers up to 4, with and without residual and skip, small sizes and padded ones.
template <class Body>
void for_many_shapes(Body body) {
  for (const Index layers : {1, 2, 3, 4})
    for (const bool residual : {false, true})
      for (const bool skip : {false, true})
        for (const Index H : {3, 4, 8, 16, 20, 32})
          for (const Index O : {1, 3, 18}) body(Shape{O == 3 ? 17 : 2, H, O, layers, residual, skip});
}

double gradient_of(const Problem<double>& problem, const Numbers& parameters, Numbers& g) {
  return statecast::gradient<double>(problem.shape, parameters.data(), problem.x.data(), problem.y.data(), problem.rows,
                                     problem.h.data(), problem.c.data(), g.data());
}

}  // namespace

TEST(deep_outputs_agree_with_plain_loops) {
  on_every_instruction_set([](const std::string& name) {
    for_many_shapes([&](const Shape& shape) {
      Problem<double> problem(shape, 6, unsigned(shape.units + shape.layers));
      Numbers h = problem.h, c = problem.c, expected;
      for (Index t = 0; t < problem.rows; ++t) {
        const auto row = plain_row(shape, problem.parameters.data(), problem.x.data() + t * shape.inputs, h, c);
        expected.insert(expected.end(), row.begin(), row.end());
      }
      const double off = distance(run(problem), expected);
      CHECK(off < 1e-12, name, shape.layers, shape.residual, shape.skip, shape.units, shape.outputs, off);
      CHECK(distance(problem.h, h) < 1e-12 && distance(problem.c, c) < 1e-12, name, shape.layers, shape.units);
    });
  });
}

TEST(deep_gradient_agrees_with_finite_differences) {
  double worst = 0;
  on_every_instruction_set([&](const std::string& name) {
    for_many_shapes([&](const Shape& shape) {
      for (const Index rows : {1, 4}) {
        const Problem<double> problem(shape, rows, unsigned(10 * shape.units + shape.layers));
        Numbers g(problem.parameters.size()), unused(g.size());
        gradient_of(problem, problem.parameters, g);
        const double off =
            off_the_slope(problem.parameters, g, [&](const Numbers& p) { return gradient_of(problem, p, unused); });
        CHECK(off < 1e-7, name, shape.layers, shape.residual, shape.skip, shape.units, shape.outputs, rows, off);
        worst = std::fmax(worst, off);
      }
    });
  });
  std::cout << "        at most " << worst << " off\n";
}

TEST(every_entry_of_a_deep_gradient_is_a_slope) {
  const Problem<double> problem({2, 3, 2, 3, true, true}, 4, 5);
  Numbers g(problem.parameters.size()), unused(g.size());
  on_every_instruction_set([&](const std::string& name) {
    gradient_of(problem, problem.parameters, g);
    for (std::size_t p = 0; p < g.size(); ++p) {
      auto ahead = problem.parameters, behind = problem.parameters;
      ahead[p] += 1e-5;
      behind[p] -= 1e-5;
      const double slope = (gradient_of(problem, ahead, unused) - gradient_of(problem, behind, unused)) / 2e-5;
      CHECK(std::fabs(slope - g[p]) < 1e-9, name, p, slope, g[p]);
    }
  });
}
