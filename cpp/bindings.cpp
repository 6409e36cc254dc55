// statecast._core: checks of shapes, the GIL released, calls of the core; nothing else.
//
// Networks are of shape (I, H, O); P is the number of parameters. All arrays are C-contiguous and of one dtype;
// float64 is for checks.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>

#include "core.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

template <class T, int Dimensions>
using Array = nb::ndarray<T, nb::numpy, nb::ndim<Dimensions>, nb::c_contig, nb::device::cpu>;
// Inputs, units, outputs, layers, residual, skip.
using Sizes = std::tuple<statecast::Index, statecast::Index, statecast::Index, statecast::Index, bool, bool>;

void at_least_one(const char* what, statecast::Index got) {
  if (got < 1) throw std::invalid_argument(std::string(what) + ": expected at least 1, got " + std::to_string(got));
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

void expect(const char* what, std::size_t got, statecast::Index expected) {
  if (got != std::size_t(expected))
    throw std::invalid_argument(std::string(what) + ": expected " + std::to_string(expected) + ", got " +
                                std::to_string(got));
}

using Offsets = Array<const std::int64_t, 1>;

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

// What tick does: look for Ctrl-C, then call the user's progress function. A Python error stays set and stops the work.
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

template <class T>
std::tuple<statecast::Index, statecast::Index> train_online(const Sizes& sizes, Array<T, 2> parameters,
                                                            Array<const T, 2> x, Array<const T, 2> y, Offsets offsets,
                                                            Offsets of_network, statecast::Index epochs,
                                                            statecast::Index bptt, double learning_rate,
                                                            Array<double, 2> losses, statecast::Index threads,
                                                            nb::object progress) {
  const statecast::Shape shape = shape_of(sizes);
  const auto networks = parameters.shape(0);
  expect("parameters of a network", parameters.shape(1), shape.parameters());
  expect("inputs (columns of x)", x.shape(1), shape.inputs);
  expect("outputs (columns of y)", y.shape(1), shape.outputs);
  expect("rows of y", y.shape(0), x.shape(0));
  expect("networks in losses", losses.shape(0), networks);
  at_least_one("epochs", epochs);
  at_least_one("bptt", bptt);
  at_least_one("threads", threads);
  if (losses.shape(1) != 1) expect("epochs in losses", losses.shape(1), epochs);
  check_sequences(offsets, of_network, networks, x.shape(0));
  const statecast::OnlineOptions options{epochs, bptt, learning_rate, {}};
  const statecast::Sequences<T> sequences{x.data(), y.data(), offsets.data(), of_network.data()};
  const statecast::Running running{threads, tick(progress)};
  statecast::TrainOutcome outcome;
  {
    const nb::gil_scoped_release release;
    outcome = statecast::train_online<T>(shape, networks, parameters.data(), sequences, options, losses.data(),
                                         losses.shape(1) > 1, running);
  }
  if (outcome.stopped) throw nb::python_error();
  return {outcome.diverged_network, outcome.diverged_epoch};
}

template <class T>
void run(const Sizes& sizes, Array<const T, 2> parameters, Array<const T, 2> x, Offsets offsets, Offsets of_network,
         Array<T, 2> h, Array<T, 2> c, Offsets starts, Array<T, 2> outputs, statecast::Index threads) {
  const statecast::Shape shape = shape_of(sizes);
  const auto networks = parameters.shape(0);
  expect("parameters of a network", parameters.shape(1), shape.parameters());
  expect("inputs (columns of x)", x.shape(1), shape.inputs);
  expect("networks in h", h.shape(0), networks);
  expect("networks in c", c.shape(0), networks);
  expect("units of all layers in h", h.shape(1), shape.layers * shape.units);
  expect("units of all layers in c", c.shape(1), shape.layers * shape.units);
  expect("columns of outputs", outputs.shape(1), shape.outputs);
  expect("networks in starts", starts.size(), networks);
  at_least_one("threads", threads);
  check_sequences(offsets, of_network, networks, x.shape(0));
  for (std::size_t n = 0; n < networks; ++n) {
    const auto s = of_network(n);
    if (starts(n) < 0 || std::size_t(starts(n)) + std::size_t(offsets(s + 1) - offsets(s)) > outputs.shape(0))
      throw std::invalid_argument("outputs: expected room for the rows of every network");
  }
  const statecast::Sequences<T> sequences{x.data(), nullptr, offsets.data(), of_network.data()};
  const nb::gil_scoped_release release;
  statecast::run<T>(shape, networks, parameters.data(), sequences, h.data(), c.data(), outputs.data(), starts.data(),
                    {threads, {}});
}

template <class T>
T gradient(const Sizes& sizes, Array<const T, 1> parameters, Array<const T, 2> x, Array<const T, 2> y,
           Array<const T, 1> h, Array<const T, 1> c, Array<T, 1> result) {
  const statecast::Shape shape = shape_of(sizes);
  expect("parameters", parameters.size(), shape.parameters());
  expect("entries of the gradient", result.size(), shape.parameters());
  expect("inputs (columns of x)", x.shape(1), shape.inputs);
  expect("outputs (columns of y)", y.shape(1), shape.outputs);
  expect("rows of y", y.shape(0), x.shape(0));
  expect("units of all layers in h", h.size(), shape.layers * shape.units);
  expect("units of all layers in c", c.size(), shape.layers * shape.units);
  at_least_one("rows of x", x.shape(0));
  return statecast::gradient<T>(shape, parameters.data(), x.data(), y.data(), x.shape(0), h.data(), c.data(),
                                result.data());
}

using Mask = Array<const std::uint8_t, 2>;
template <class T>
using Maybe = std::optional<T>;

statecast::Loss loss_of(const std::string& kind, const std::vector<double>& quantiles, double delta) {
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

using LossOf = std::tuple<std::string, std::vector<double>, double>;      // kind, quantiles, delta
using AdamOf = std::tuple<double, double, double, bool, double, double>;  // betas, epsilon, inside, decay, clip

template <class T>
statecast::BatchData<T> data_of(const statecast::Shape& shape, const statecast::Loss& loss, const Array<const T, 3>& x,
                                const Array<const T, 3>& y, const Maybe<Mask>& present,
                                const Maybe<Array<const T, 3>>& weights) {
  const statecast::Index G = loss.outputs_per_target();
  if (shape.outputs % G != 0)
    throw std::invalid_argument("outputs: expected a multiple of the loss's " + std::to_string(G) + ", got " +
                                std::to_string(shape.outputs));
  const statecast::Index N = x.shape(0), steps = x.shape(1), targets = shape.outputs / G;
  if (N < 1 || steps < 1) throw std::invalid_argument("x: expected at least 1 sequence of at least 1 step");
  expect("inputs (columns of x)", x.shape(2), shape.inputs);
  expect("sequences in y", y.shape(0), N);
  expect("steps in y", y.shape(1), steps);
  expect("targets in y", y.shape(2), targets);
  if (present) {
    expect("sequences in the mask", present->shape(0), N);
    expect("steps in the mask", present->shape(1), steps);
  }
  if (weights) {
    expect("sequences in weights", weights->shape(0), N);
    expect("steps in weights", weights->shape(1), steps);
    expect("targets in weights", weights->shape(2), targets);
  }
  return {N, steps, x.data(), y.data(), present ? present->data() : nullptr, weights ? weights->data() : nullptr};
}

// A trainer and the arrays that it reads.
template <class T>
struct Trainer {
  Array<const T, 3> x, y;
  Maybe<Mask> present;
  Maybe<Array<const T, 3>> weights;
  statecast::Shape shape;
  statecast::Index sequences;
  std::unique_ptr<statecast::BatchedTrainer<T>> core;

  Trainer(const Sizes& sizes, Array<const T, 1> parameters, Array<const T, 3> x_given, Array<const T, 3> y_given,
          Maybe<Mask> present_given, Maybe<Array<const T, 3>> weights_given, statecast::Index batch,
          statecast::Index window, const LossOf& loss, const AdamOf& adam)
      : x(x_given), y(y_given), present(present_given), weights(weights_given), shape(shape_of(sizes)) {
    expect("parameters", parameters.size(), shape.parameters());
    at_least_one("batch", batch);
    at_least_one("window", window);
    const auto [beta1, beta2, epsilon, inside, decay, clip] = adam;
    const statecast::BatchOptions options{
        batch, window, std::apply(loss_of, loss), {clip, {beta1, beta2, epsilon, inside, decay}}};
    const auto data = data_of<T>(shape, options.loss, x, y, present, weights);
    sequences = data.sequences;
    core = std::make_unique<statecast::BatchedTrainer<T>>(shape, parameters.data(), data, options);
  }

  std::tuple<double, bool> epoch(Offsets order, Array<const double, 1> rates, statecast::Index threads) {
    at_least_one("threads", threads);
    at_least_one("order", statecast::Index(order.size()));
    for (std::size_t n = 0; n < order.size(); ++n)
      if (order(n) < 0 || order(n) >= sequences)
        throw std::invalid_argument("order: expected numbers of sequences, got " + std::to_string(order(n)));
    expect("learning rates", rates.size(), core->updates(order.size()));
    statecast::EpochOutcome outcome;
    {
      const nb::gil_scoped_release release;
      outcome = core->epoch(order.data(), order.size(), rates.data(), {threads, tick(nb::none())});
    }
    if (outcome.stopped) throw nb::python_error();
    return {outcome.loss, outcome.finite};
  }

  void parameters(Array<T, 1> to) const {
    expect("parameters", to.size(), shape.parameters());
    core->parameters(to.data());
  }
};

template <class T>
double batched_loss(const Sizes& sizes, Array<const T, 1> parameters, Array<const T, 3> x, Array<const T, 3> y,
                    Maybe<Mask> present, Maybe<Array<const T, 3>> weights, const LossOf& loss,
                    Maybe<Array<T, 1>> gradient, statecast::Index threads) {
  const statecast::Shape shape = shape_of(sizes);
  expect("parameters", parameters.size(), shape.parameters());
  if (gradient) expect("entries of the gradient", gradient->size(), shape.parameters());
  at_least_one("threads", threads);
  const statecast::Loss how = std::apply(loss_of, loss);
  const auto data = data_of<T>(shape, how, x, y, present, weights);
  const nb::gil_scoped_release release;
  return statecast::batched_loss<T>(shape, parameters.data(), data, how, gradient ? gradient->data() : nullptr,
                                    {threads, {}});
}

template <class T>
struct Step {
  statecast::Shape shape;
  std::unique_ptr<statecast::Stepper<T>> core;

  Step(const Sizes& sizes, Array<const T, 1> parameters, Array<const T, 1> h, Array<const T, 1> c)
      : shape(shape_of(sizes)) {
    expect("parameters", parameters.size(), shape.parameters());
    expect("units of all layers in h", h.size(), shape.layers * shape.units);
    expect("units of all layers in c", c.size(), shape.layers * shape.units);
    core = std::make_unique<statecast::Stepper<T>>(shape, parameters.data(), h.data(), c.data());
  }

  void step(Array<const T, 1> x, Array<T, 1> outputs) {
    expect("inputs", x.size(), shape.inputs);
    expect("outputs", outputs.size(), shape.outputs);
    core->step(x.data(), outputs.data());
  }

  void state(Array<T, 1> h, Array<T, 1> c) const {
    expect("units of all layers in h", h.size(), shape.layers * shape.units);
    expect("units of all layers in c", c.size(), shape.layers * shape.units);
    core->state(h.data(), c.data());
  }
};

template <class T>
void register_network(nb::module_& m, const char* stepper) {
  m.def("run", &run<T>, "shape"_a, "parameters"_a.noconvert(), "x"_a.noconvert(), "offsets"_a.noconvert(),
        "of_network"_a.noconvert(), "h"_a.noconvert(), "c"_a.noconvert(), "starts"_a.noconvert(),
        "outputs"_a.noconvert(), "threads"_a, "Run every network over its sequence; h and c go in and come out.");
  m.def("gradient", &gradient<T>, "shape"_a, "parameters"_a.noconvert(), "x"_a.noconvert(), "y"_a.noconvert(),
        "h"_a.noconvert(), "c"_a.noconvert(), "gradient"_a.noconvert(), "Loss of one chunk, and its gradient.");
  nb::class_<Step<T>>(m, stepper, "One network that goes on step by step; it owns its state.")
      .def(nb::init<const Sizes&, Array<const T, 1>, Array<const T, 1>, Array<const T, 1>>(), "shape"_a,
           "parameters"_a.noconvert(), "h"_a.noconvert(), "c"_a.noconvert())
      .def("step", &Step<T>::step, "x"_a.noconvert(), "outputs"_a.noconvert(), "Take a row in; write what comes out.")
      .def("state", &Step<T>::state, "h"_a.noconvert(), "c"_a.noconvert(), "Write the state as it is now.");
}

template <class T>
void register_batched(nb::module_& m, const char* name) {
  nb::class_<Trainer<T>>(m, name, "Training of one network on many sequences [N, T, ..], epoch by epoch.")
      .def(nb::init<const Sizes&, Array<const T, 1>, Array<const T, 3>, Array<const T, 3>, Maybe<Mask>,
                    Maybe<Array<const T, 3>>, statecast::Index, statecast::Index, const LossOf&, const AdamOf&>(),
           "shape"_a, "parameters"_a.noconvert(), "x"_a.noconvert(), "y"_a.noconvert(), "present"_a.noconvert().none(),
           "weights"_a.noconvert().none(), "batch"_a, "window"_a, "loss"_a, "adam"_a)
      .def("epoch", &Trainer<T>::epoch, "order"_a.noconvert(), "rates"_a.noconvert(), "threads"_a,
           "One pass; returns its loss, and whether all was finite.")
      .def("parameters", &Trainer<T>::parameters, "to"_a.noconvert(), "Write the parameters as they are now.");
  m.def("batched_loss", &batched_loss<T>, "shape"_a, "parameters"_a.noconvert(), "x"_a.noconvert(), "y"_a.noconvert(),
        "present"_a.noconvert().none(), "weights"_a.noconvert().none(), "loss"_a, "gradient"_a.noconvert().none(),
        "threads"_a, "Loss of whole sequences; the gradient is written into where it is given.");
}

template <class T>
void register_training(nb::module_& m) {
  m.def("train_online", &train_online<T>, "shape"_a, "parameters"_a.noconvert(), "x"_a.noconvert(), "y"_a.noconvert(),
        "offsets"_a.noconvert(), "of_network"_a.noconvert(), "epochs"_a, "bptt"_a, "learning_rate"_a,
        "losses"_a.noconvert(), "threads"_a, "progress"_a.none(),
        "Train every network on its sequence, in place; returns the network and epoch that diverged, or -1, -1.");
}

}  // namespace

NB_MODULE(_core, m) {
  if (const char* wanted = std::getenv("STATECAST_ISA"); wanted != nullptr && *wanted != '\0')
    statecast::use_instruction_set(wanted);
  m.def("instruction_set", &statecast::instruction_set, "The instruction set in use.");
  m.def("instruction_sets", &statecast::instruction_sets, "Those that this machine can run, best first.");
  register_network<float>(m, "Stepper32");
  register_network<double>(m, "Stepper64");
  register_training<float>(m);
  register_training<double>(m);
  register_batched<float>(m, "BatchedTrainer32");
  register_batched<double>(m, "BatchedTrainer64");
}
