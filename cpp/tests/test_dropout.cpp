// Masks of dropout: how many are left out, and that each is drawn on its own. tests/training compares training with them.
#include "dropout.h"

#include <cmath>
#include <vector>

#include "check.h"

using statecast::Index;

TEST(masks_leave_out_as_many_as_asked_and_keep_the_mean) {
  for (const double rate : {0.0, 0.1, 0.5, 0.9}) {
    Index dropped = 0, all = 0;
    double sum = 0;
    std::vector<double> mask(300);
    for (std::uint64_t sequence = 0; sequence < 300; ++sequence) {
      statecast::draw_mask({1, 2, sequence, 3}, rate, 300, mask.data());
      for (const double factor : mask) {
        CHECK(factor == 0 || factor == 1 / (1 - rate), rate, factor);
        dropped += factor == 0 ? 1 : 0;
        sum += factor;
        ++all;
      }
    }
    const double spread = std::sqrt(rate * (1 - rate) / double(all));
    CHECK(std::fabs(double(dropped) / double(all) - rate) <= 4 * spread, rate, dropped, all);
    CHECK(std::fabs(sum / double(all) - 1) <= 4 * spread / (1 - rate), rate, sum);
  }
}

TEST(masks_of_seeds_epochs_sequences_and_places_are_drawn_apart) {
  const std::vector<statecast::MaskOf> all = {{1, 1, 1, 1}, {2, 1, 1, 1}, {1, 2, 1, 1}, {1, 1, 2, 1}, {1, 1, 1, 2}};
  std::vector<std::vector<float>> masks;
  for (const auto& of : all) {
    masks.emplace_back(400);
    statecast::draw_mask(of, 0.5, 400, masks.back().data());
  }
  for (std::size_t a = 0; a < masks.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      Index equal = 0;
      for (std::size_t k = 0; k < 400; ++k) equal += masks[a][k] == masks[b][k] ? 1 : 0;
      CHECK(std::abs(equal - 200) < 50, a, b, equal);  // five standard deviations
    }
  }
}
