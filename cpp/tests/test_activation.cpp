// tanh of the core against the C library, on every instruction set, through the interface of the core: in a network
// whose parameters are all zero, f = o = 1/2 and g = 0, so that c = c_prev / 2 and h = tanh(c) / 2 without rounding.
#include <cmath>
#include <limits>
#include <vector>

#include "check.h"
#include "problem.h"

namespace {

using statecast::Index;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// The core's tanh of each value, by a network of as many units as there are values.
template <class T>
std::vector<T> tanh_of(const std::vector<T>& values) {
  Problem<T> problem({1, Index(values.size()), 1}, 1, 1);
  problem.parameters.assign(problem.parameters.size(), T(0));
  for (std::size_t k = 0; k < values.size(); ++k) problem.c[k] = 2 * values[k];
  run(problem);
  for (T& h : problem.h) h *= 2;
  return problem.h;
}

double ulp_of(double value) { return std::ldexp(1.0, std::ilogb(value) - 23); }

// Evenly spaced up to 10, magnitudes from 1e-30 to 10, and where the error is largest of all floats.
std::vector<std::vector<float>> grid() {
  constexpr int count = 40'000, units = 32;
  std::vector<std::vector<float>> rows(1);
  const auto put = [&](double value) {
    if (rows.back().size() == units) rows.emplace_back();
    rows.back().push_back(float(value));
  };
  for (int k = 0; k < count; ++k) put(10.0 * (k + 1) / count);
  for (int k = 0; k < count; ++k) put(std::pow(10.0, -30 + 31.0 * k / count));
  for (const double value : {5.82787609, 5.12603903}) put(value);
  return rows;
}

}  // namespace

TEST(tanh_in_float_is_within_its_bound) {
  on_every_instruction_set([](const std::string& name) {
    const double bound = fuses(name) ? 3.0e-7 : 4.2e-7, ulps = fuses(name) ? 5 : 7;
    double worst = 0, worst_ulps = 0;
    for (const auto& row : grid()) {
      const auto result = tanh_of(row);
      for (std::size_t k = 0; k < row.size(); ++k) {
        const double expected = std::tanh(double(row[k])), error = std::fabs(result[k] - expected);
        worst = std::fmax(worst, error);
        if (expected > 0) worst_ulps = std::fmax(worst_ulps, error / ulp_of(expected));
        CHECK(error <= bound, name, row[k], result[k], expected);
        CHECK(expected == 0 || error <= ulps * ulp_of(expected), name, row[k], result[k], expected);
        CHECK(result[k] <= 1, name, row[k], result[k]);
      }
    }
    std::cout << "        " << name << ": " << worst << ", " << worst_ulps << " ulp\n";
  });
}

TEST(tanh_in_float_is_odd) {
  on_every_instruction_set([](const std::string& name) {
    for (const auto& row : grid()) {
      auto negative = row;
      for (float& value : negative) value = -value;
      auto mirrored = tanh_of(negative);
      for (float& value : mirrored) value = -value;
      CHECK(same_bits(mirrored, tanh_of(row)), name, row[0]);
    }
  });
}

TEST(tanh_in_float_at_the_edges) {
  constexpr float tiny = std::numeric_limits<float>::min(), denormal = std::numeric_limits<float>::denorm_min();
  on_every_instruction_set([&](const std::string& name) {
    for (const Index units : {1, 4, 5, 8, 16, 31, 32, 40}) {  // each of the widths that the compiler knows, and others
      const auto at = [&](float value) { return tanh_of(std::vector<float>(units, value)); };
      for (const float value : at(NAN)) CHECK(std::isnan(value), name, units, value);
      for (const float value : at(kInfinity)) CHECK(value <= 1 && value >= 1 - 3e-7f, name, units, value);
      for (const float value : at(-kInfinity)) CHECK(value >= -1 && value <= -1 + 3e-7f, name, units, value);
      for (const float value : at(0.0f)) CHECK(value == 0 && !std::signbit(value), name, units, value);
      for (const float value : at(tiny)) CHECK(std::fabs(value - tiny) < 1e-42f, name, units, value);
      for (const float value : at(denormal)) CHECK(value >= 0 && value < 1e-42f, name, units, value);
    }
  });
}

TEST(nan_stays_in_its_unit) {
  on_every_instruction_set([](const std::string& name) {
    for (std::size_t bad = 0; bad < 20; ++bad) {
      std::vector<float> values(20, 0.5f);
      values[bad] = NAN;
      const auto result = tanh_of(values);
      for (std::size_t k = 0; k < values.size(); ++k) CHECK(std::isnan(result[k]) == (k == bad), name, bad, k);
    }
  });
}

TEST(tanh_in_double_is_that_of_the_c_library) {
  on_every_instruction_set([](const std::string& name) {
    std::vector<double> values;
    for (int k = -40; k < 40; ++k) values.push_back(k * 0.37);
    const auto result = tanh_of(values);
    for (std::size_t k = 0; k < values.size(); ++k)
      CHECK(result[k] == std::tanh(values[k]), name, values[k], result[k]);
  });
}
