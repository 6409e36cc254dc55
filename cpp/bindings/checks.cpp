#include "checks.h"

#include <map>
#include <stdexcept>

namespace bindings {

void at_least_one(const char* what, statecast::Index got) {
  if (got < 1) throw std::invalid_argument(std::string(what) + ": expected at least 1, got " + std::to_string(got));
}

void expect(const std::string& what, std::size_t got, statecast::Index expected) {
  if (got != std::size_t(expected))
    throw std::invalid_argument(what + ": expected " + std::to_string(expected) + ", got " + std::to_string(got));
}

statecast::Shape shape_of(const Sizes& sizes) {
  const auto [inputs, units, outputs, layers, residual, skip] = sizes;
  const statecast::Shape shape{inputs, units, outputs, layers, residual, skip};
  constexpr statecast::Index most = 1 << 20;  // keeps the products of sizes far from overflow
  for (const statecast::Index size : {shape.inputs, shape.units, shape.outputs, shape.layers})
    if (size < 1 || size > most)
      throw std::invalid_argument("shape: expected sizes from 1 to " + std::to_string(most) + ", got " +
                                  std::to_string(size));
  if (shape.layers > 4)
    throw std::invalid_argument("shape: expected 1 to 4 layers, got " + std::to_string(shape.layers));
  return shape;
}

void check_sequences(const Offsets& offsets, const Offsets& of_network, std::size_t networks, std::size_t rows) {
  expect("networks in of_network", of_network.size(), networks);
  for (std::size_t s = 0; s < offsets.size(); ++s)
    if ((s == 0 && offsets(0) != 0) || (s > 0 && offsets(s) <= offsets(s - 1)))
      throw std::invalid_argument("offsets: expected to start at 0 and to grow (no sequence without rows)");
  if (offsets.size() < 2 || std::size_t(offsets(offsets.size() - 1)) != rows)
    throw std::invalid_argument("offsets: expected the last to be the number of rows, " + std::to_string(rows));
  for (std::size_t n = 0; n < networks; ++n)
    if (of_network(n) < 0 || std::size_t(of_network(n)) + 1 >= offsets.size())
      throw std::invalid_argument("of_network: expected numbers of sequences, got " + std::to_string(of_network(n)));
}

void check_mask(const Maybe<Mask>& present, statecast::Index sequences, statecast::Index steps) {
  if (!present) return;
  expect("sequences in the mask", present->shape(0), sequences);
  expect("steps in the mask", present->shape(1), steps);
}

statecast::Loss loss_of(const LossOf& loss) {
  const auto& [kind, quantiles, delta] = loss;
  using statecast::LossKind;
  static const std::map<std::string, LossKind> kinds{{"squared", LossKind::squared},
                                                     {"absolute", LossKind::absolute},
                                                     {"huber", LossKind::huber},
                                                     {"pinball", LossKind::pinball},
                                                     {"gaussian", LossKind::gaussian},
                                                     {"student_t", LossKind::student_t},
                                                     {"negative_binomial", LossKind::negative_binomial}};
  const auto found = kinds.find(kind);
  if (found == kinds.end()) throw std::invalid_argument("loss: expected a known kind, got '" + kind + "'");
  if (found->second == LossKind::pinball && (quantiles.empty() || quantiles.size() > statecast::kMostQuantiles))
    throw std::invalid_argument("quantiles: expected 1 to " + std::to_string(statecast::kMostQuantiles) + ", got " +
                                std::to_string(quantiles.size()));
  return {found->second, delta, quantiles};
}

statecast::UpdateOptions update_of(const AdamOf& adam) {
  const auto [beta1, beta2, epsilon, inside, decay, clip] = adam;
  return {clip, {beta1, beta2, epsilon, inside, decay}};
}

statecast::Schedule schedule_of(const ScheduleOf& schedule) {
  const auto [highest, cosine, warm_up, floor] = schedule;
  return {highest, cosine, warm_up, floor};
}

statecast::Index targets_of(const statecast::Shape& shape, const statecast::Loss& loss) {
  const statecast::Index G = loss.outputs_per_target();
  if (shape.outputs % G != 0)
    throw std::invalid_argument("outputs: expected a multiple of the loss's " + std::to_string(G) + ", got " +
                                std::to_string(shape.outputs));
  return shape.outputs / G;
}

std::function<bool(statecast::Index)> tick(nb::object progress) {
  return [progress](statecast::Index done) {
    const nb::gil_scoped_acquire gil;
    if (PyErr_CheckSignals() != 0) return false;
    try {
      if (!progress.is_none()) progress(done);
    } catch (nb::python_error& error) {
      error.restore();
      return false;
    }
    return true;
  };
}

}  // namespace bindings
