// Adam in both its forms, with and without weight decay, against the plain formulas; the norm of a gradient.
#define STATECAST_TARGET in_test_adam
#define STATECAST_REGISTER 16
#if defined(__aarch64__)
#define STATECAST_FMA
#endif
#include "adam.h"

#include <cmath>
#include <vector>

#include "check.h"
#include "problem.h"

namespace {

using statecast::AdamOptions;
using statecast::Index;
using Numbers = std::vector<double>;

// Keras: epsilon beside the plain root. PyTorch: both moments corrected, epsilon beside the corrected root.
void plain_update(const AdamOptions& o, int t, double rate, double& w, double g, double& m, double& v) {
  m = o.beta1 * m + (1 - o.beta1) * g;
  v = o.beta2 * v + (1 - o.beta2) * g * g;
  w -= rate * o.weight_decay * w;
  const double correct1 = 1 - std::pow(o.beta1, t), correct2 = 1 - std::pow(o.beta2, t);
  if (o.epsilon_inside) {
    w -= rate * (m / correct1) / (std::sqrt(v / correct2) + o.epsilon);
  } else {
    w -= rate * std::sqrt(correct2) / correct1 * m / (std::sqrt(v) + o.epsilon);
  }
}

template <class T>
double apart_after(const AdamOptions& options, int updates) {
  constexpr Index P = 48;
  Draw draw(4);
  std::vector<T> w, g(P), m(P, T(0)), v(P, T(0));
  for (Index p = 0; p < P; ++p) w.push_back(T(draw(1)));
  Numbers expected(w.begin(), w.end()), m2(P, 0), v2(P, 0);
  statecast::in_test_adam::Adam<T> adam{options};
  for (int t = 1; t <= updates; ++t) {
    const double rate = 0.01 / t;
    for (Index p = 0; p < P; ++p) {
      g[p] = T(p == 0 ? 0 : draw(p % 3 == 0 ? 1e-5 : 1));
      plain_update(options, t, rate, expected[p], double(g[p]), m2[p], v2[p]);
    }
    adam.update(w.data(), g.data(), m.data(), v.data(), P, rate);
  }
  return distance(w, expected);
}

}  // namespace

TEST(adam_is_the_plain_formula_in_both_forms) {
  for (const bool inside : {false, true}) {
    for (const double decay : {0.0, 0.1}) {
      for (const double epsilon : {1e-8, 1e-3}) {
        const AdamOptions options{0.8, 0.99, epsilon, inside, decay};
        CHECK(apart_after<double>(options, 1) < 1e-15, inside, decay, epsilon, apart_after<double>(options, 1));
        CHECK(apart_after<double>(options, 100) < 1e-13, inside, decay, epsilon, apart_after<double>(options, 100));
        CHECK(apart_after<float>(options, 100) < 2e-6, inside, decay, epsilon, apart_after<float>(options, 100));
      }
    }
  }
}

TEST(the_two_forms_and_the_decay_differ) {
  const AdamOptions keras{0.9, 0.999, 1e-3, false, 0}, torch{0.9, 0.999, 1e-3, true, 0},
      decayed{0.9, 0.999, 1e-3, true, 0.1};
  const auto moved = [](const AdamOptions& options) {
    std::vector<double> w(16, 1), g(16, 0.02), m(16, 0), v(16, 0);
    statecast::in_test_adam::Adam<double> adam{options};
    adam.update(w.data(), g.data(), m.data(), v.data(), 16, 0.1);
    return w[7];
  };
  // The first step: m / correct1 = g, sqrt(v / correct2) = |g|.
  const double root = std::sqrt(0.001);
  CHECK(std::fabs(moved(torch) - (1 - 0.1 * 0.02 / (0.02 + 1e-3))) < 1e-14, moved(torch));
  CHECK(std::fabs(moved(keras) - (1 - 0.1 * 0.02 / (0.02 + 1e-3 / root))) < 1e-14, moved(keras));
  CHECK(std::fabs(moved(decayed) - (0.99 - 0.1 * 0.02 / (0.02 + 1e-3))) < 1e-14, moved(decayed));
}

TEST(clipping_shortens_to_the_norm_asked_and_refuses_what_is_not_finite) {
  using statecast::in_test_adam::clip;
  Draw draw(8);
  std::vector<double> g;
  double squares = 0;
  for (int p = 0; p < 64; ++p) {
    g.push_back(draw(1));
    squares += g.back() * g.back();
  }
  const auto clipped = [&](double most) {
    auto short_one = g;
    CHECK(clip(short_one.data(), 64, most), most);
    return short_one;
  };
  CHECK(same_bits(clipped(0), g) && same_bits(clipped(std::sqrt(squares) * 1.0001), g));
  const auto half = clipped(std::sqrt(squares) / 2);
  for (int p = 0; p < 64; ++p) CHECK(std::fabs(half[p] - g[p] / 2) < 1e-15, p, half[p], g[p]);
  g[5] = 1e200;  // its square is infinite
  CHECK(!clip(g.data(), 64, 0));
  CHECK(std::fabs(clipped(3)[5] - 3) < 1e-12, clipped(3)[5]);
  for (const double bad : {double(NAN), double(INFINITY)}) {
    g[5] = bad;
    CHECK(!clip(g.data(), 64, 0) && !clip(g.data(), 64, 1), bad);
  }
}
