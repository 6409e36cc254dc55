// statecast._core: checks of shapes, the GIL released, calls of the core; nothing else.
//
// Networks are of shape (I, H, O); P is the number of parameters. All arrays are C-contiguous and of one dtype;
// float64 is for checks.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <tuple>

#include "core.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

template <class T, int Dimensions>
using Array = nb::ndarray<T, nb::numpy, nb::ndim<Dimensions>, nb::c_contig, nb::device::cpu>;
using Sizes = std::tuple<statecast::Index, statecast::Index, statecast::Index>;

void at_least_one(const char* what, statecast::Index got) {
  if (got < 1) throw std::invalid_argument(std::string(what) + ": expected at least 1, got " + std::to_string(got));
}

statecast::Shape shape_of(const Sizes& sizes) {
  const statecast::Shape shape{std::get<0>(sizes), std::get<1>(sizes), std::get<2>(sizes)};
  constexpr statecast::Index most = 1 << 20;  // keeps the products of sizes far from overflow
  for (const statecast::Index size : {shape.inputs, shape.units, shape.outputs})
    if (size < 1 || size > most)
      throw std::invalid_argument("shape: expected sizes from 1 to " + std::to_string(most) + ", got " +
                                  std::to_string(size));
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
  const statecast::OnlineOptions options{epochs, bptt, {learning_rate, 0.9, 0.999, 1e-7}};
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
  expect("units in h", h.shape(1), shape.units);
  expect("units in c", c.shape(1), shape.units);
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
  expect("units in h", h.size(), shape.units);
  expect("units in c", c.size(), shape.units);
  at_least_one("rows of x", x.shape(0));
  return statecast::gradient<T>(shape, parameters.data(), x.data(), y.data(), x.shape(0), h.data(), c.data(),
                                result.data());
}

template <class T>
void register_network(nb::module_& m) {
  m.def("run", &run<T>, "shape"_a, "parameters"_a.noconvert(), "x"_a.noconvert(), "offsets"_a.noconvert(),
        "of_network"_a.noconvert(), "h"_a.noconvert(), "c"_a.noconvert(), "starts"_a.noconvert(),
        "outputs"_a.noconvert(), "threads"_a, "Run every network over its sequence; h and c go in and come out.");
  m.def("gradient", &gradient<T>, "shape"_a, "parameters"_a.noconvert(), "x"_a.noconvert(), "y"_a.noconvert(),
        "h"_a.noconvert(), "c"_a.noconvert(), "gradient"_a.noconvert(), "Loss of one chunk, and its gradient.");
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
  register_network<float>(m);
  register_network<double>(m);
  register_training<float>(m);
  register_training<double>(m);
}
