// Losses against values worked out by hand, and their slopes against finite differences and closed forms.
#include "loss.h"

#include <cmath>
#include <numbers>
#include <vector>

#include "check.h"
#include "many.h"

namespace {

using statecast::Index;
using statecast::Loss;
using statecast::LossKind;
using Numbers = std::vector<double>;

// What softplus and the floor make v of.
double raw(double v) { return std::log(std::expm1(v - 1e-6)); }
double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

struct Step {
  double loss;
  Numbers slope;
};

Step step_of(const Loss& loss, const Numbers& f, const Numbers& y, const Numbers& weights = {}, double scale = 1) {
  Step step{0, Numbers(f.size(), NAN)};
  step.loss = statecast::loss_of_step<double>(loss, Index(y.size()), f.data(), y.data(),
                                              weights.empty() ? nullptr : weights.data(), scale, step.slope.data());
  return step;
}

void check_value(const Loss& loss, const Numbers& f, double y, double expected) {
  const double got = step_of(loss, f, {y}).loss;
  CHECK(std::fabs(got - expected) < 1e-13, int(loss.kind), got, expected);
}

}  // namespace

TEST(losses_have_the_values_worked_out_by_hand) {
  const Loss huber{LossKind::huber, 0.5, {}}, pinball{LossKind::pinball, 1, {.1, .5, .9}};
  const Loss gaussian{LossKind::gaussian, 1, {}}, student{LossKind::student_t, 1, {}};
  const Loss negative{LossKind::negative_binomial, 1, {}};
  check_value({}, {1.5}, -0.5, 4);
  check_value({LossKind::absolute, 1, {}}, {1.5}, -0.5, 2);
  check_value({LossKind::absolute, 1, {}}, {-1.5}, -0.5, 1);
  check_value(huber, {2.25}, 2, 0.03125);  // 0.25^2 / 2
  check_value(huber, {-2}, 0, 0.875);      // 0.5 (2 - 0.25)
  check_value(pinball, {0, 1, 2}, 1, (0.1 + 0 + 0.1) / 3);
  check_value(pinball, {3, 3, 3}, 1, (1.8 + 1 + 0.2) / 3);
  check_value(gaussian, {1, raw(2)}, 5, 0.5 * std::log(2 * std::numbers::pi) + std::log(2.0) + 2);
  // Three degrees of freedom, one scale away: density 2 / (pi sqrt 3) (1 + 1/3)^-2 / scale.
  const double density = 2 / (std::numbers::pi * std::sqrt(3.0)) * 9 / 16 / 2;
  check_value(student, {1, raw(2), std::log(std::expm1(1.0))}, 3, -std::log(density));
  check_value(negative, {raw(1), raw(1)}, 2, 3 * std::log(2.0));            // geometric, 1/2 each time
  check_value(negative, {raw(3), raw(0.5)}, 0, 2 * std::log(2.5));          // (1 + mu alpha)^-r
  check_value(negative, {raw(2), raw(0.5)}, 1, -std::log(2 * 0.5 * 0.25));  // r p (1 - p)^r, p = 1/2
}

TEST(slopes_of_losses_are_those_of_finite_differences) {
  Draw draw(3);
  for (const Loss& loss : every_loss()) {
    const Index G = loss.outputs_per_target();
    for (int n = 0; n < 400; ++n) {
      Numbers f, y;
      for (Index k = 0; k < 2 * G; ++k) f.push_back(draw(n % 2 == 0 ? 2 : 6));
      for (Index k = 0; k < 2; ++k)
        y.push_back(loss.kind == LossKind::negative_binomial ? std::round(std::fabs(draw(20))) : draw(3));
      const Numbers weights = {0.3, 1.7};
      const Step step = step_of(loss, f, y, weights, 0.25);
      for (std::size_t k = 0; k < f.size(); ++k) {
        Numbers ahead = f, behind = f;
        ahead[k] += 1e-5;
        behind[k] -= 1e-5;
        const double up = step_of(loss, ahead, y, weights).loss, down = step_of(loss, behind, y, weights).loss;
        const double slope = 0.25 * (up - down) / 2e-5, apart = std::fabs(slope - step.slope[k]);
        const double rounding = 4e-11 * std::fabs(up);  // of the two losses, over the step
        CHECK(apart < 1e-6 * std::fmax(1, std::fabs(slope)) + rounding, int(loss.kind), k, f[k], slope, step.slope[k]);
      }
    }
  }
}

TEST(counts_have_probabilities_that_sum_to_one) {
  const Loss loss{LossKind::negative_binomial, 1, {}};
  for (const double alpha : {0.01, 0.11, 0.5, 1.5}) {
    for (const double mu : {0.2, 3.0, 9.0}) {
      double sum = 0;
      for (double y = 0; y < 2000; ++y) sum += std::exp(-step_of(loss, {raw(mu), raw(alpha)}, {y}).loss);
      CHECK(std::fabs(sum - 1) < 1e-11, alpha, mu, sum);
    }
  }
}

TEST(student_t_has_the_constant_of_the_c_library) {
  const Loss loss{LossKind::student_t, 1, {}};
  for (const double nu : {2.001, 2.5, 4.0, 7.3, 19.0, 21.0, 150.0, 1e4}) {
    const double expected = std::lgamma(nu / 2) - std::lgamma((nu + 1) / 2) + 0.5 * std::log(std::numbers::pi * nu);
    const double raw_nu = nu - 2 + std::log(-std::expm1(2 - nu));  // what softplus makes nu - 2 of
    const double got = step_of(loss, {0, raw(1), raw_nu}, {0}).loss;
    CHECK(std::fabs(got - expected) < 1e-15 * (100 + std::lgamma(nu / 2)), nu, got, expected);
  }
}

// For a whole y, digamma(y + r) - digamma(r) is 1/r + 1/(r + 1) + .. + 1/(r + y - 1).
TEST(digamma_in_the_slope_of_a_count_is_a_sum_of_fractions) {
  const Loss loss{LossKind::negative_binomial, 1, {}};
  for (const double alpha : {0.02, 0.1, 0.15, 0.3, 0.9, 1.0, 3.0, 20.0, 400.0}) {
    for (const double y : {0.0, 1.0, 2.0, 7.0, 60.0}) {
      const double mu = 2.5, r = 1 / alpha;
      double by_r = std::log1p(mu * alpha) - (mu - y) / (r + mu);
      for (double k = 0; k < y; ++k) by_r -= 1 / (r + k);
      const double expected = -r * r * by_r * sigmoid(raw(alpha));
      const double got = step_of(loss, {raw(mu), raw(alpha)}, {y}).slope[1];
      CHECK(std::fabs(got - expected) < 1e-9 * std::fmax(1, std::fabs(expected)), alpha, y, got, expected);
    }
  }
}

TEST(weights_and_scale_multiply_and_a_slope_may_replace_its_output) {
  for (const Loss& loss : every_loss()) {
    const Index G = loss.outputs_per_target();
    Numbers f;
    for (Index k = 0; k < 3 * G; ++k) f.push_back(0.3 * double(k) - 0.7);
    const Numbers y = {1, 2, 0}, weights = {2, 0, 0.5};
    const Step all = step_of(loss, f, y, weights, 3);
    double sum = 0;
    for (Index k = 0; k < 3; ++k) {
      const Step one = step_of(loss, Numbers(f.begin() + k * G, f.begin() + (k + 1) * G), {y[std::size_t(k)]});
      sum += weights[std::size_t(k)] * one.loss;
      for (Index g = 0; g < G; ++g)
        CHECK(std::fabs(all.slope[k * G + g] - 3 * weights[std::size_t(k)] * one.slope[g]) < 1e-13, int(loss.kind), k);
    }
    CHECK(std::fabs(all.loss - sum) < 1e-13, int(loss.kind), all.loss, sum);
    Numbers place = f;
    statecast::loss_of_step<double>(loss, 3, place.data(), y.data(), weights.data(), 3, place.data());
    CHECK(same_bits(place, all.slope), int(loss.kind));
  }
}

TEST(losses_stay_finite_far_out) {
  for (const Loss& loss : every_loss()) {
    for (const double far : {-1e4, -50.0, 50.0, 1e4}) {
      for (const double y : {0.0, 1.0, 1e4}) {
        const Step step = step_of(loss, Numbers(std::size_t(loss.outputs_per_target()), far), {y});
        CHECK(std::isfinite(step.loss), int(loss.kind), far, y, step.loss);
        for (const double slope : step.slope) CHECK(std::isfinite(slope), int(loss.kind), far, y, slope);
      }
    }
  }
}
