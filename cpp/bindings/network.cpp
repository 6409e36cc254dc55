// Running networks: forward over sequences, a step at a time, and the gradient of a chunk.
#include <stdexcept>
#include <utility>

#include "checks.h"

namespace bindings {
namespace {

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
  const statecast::Sequences<T> sequences{x.data(), offsets.data(), of_network.data()};
  const nb::gil_scoped_release release;
  statecast::run<T>(shape, networks, parameters.data(), sequences, h.data(), c.data(), outputs.data(), starts.data(),
                    {threads, {}});
}

template <class T>
void run_batched(const Sizes& sizes, Array<const T, 1> parameters, Array<const T, 3> x, Maybe<Mask> present,
                 Array<T, 2> h, Array<T, 2> c, Array<T, 3> outputs, statecast::Index threads) {
  const statecast::Shape shape = shape_of(sizes);
  const auto N = statecast::Index(x.shape(0)), steps = statecast::Index(x.shape(1));
  expect("parameters", parameters.size(), shape.parameters());
  at_least_one("sequences in x", N);
  at_least_one("steps in x", steps);
  at_least_one("threads", threads);
  expect("inputs (columns of x)", x.shape(2), shape.inputs);
  check_mask(present, N, steps);
  for (const auto& [what, state] : {std::pair{"h", &h}, {"c", &c}}) {
    expect(std::string("sequences in ") + what, state->shape(0), N);
    expect(std::string("units of all layers in ") + what, state->shape(1), shape.layers * shape.units);
  }
  check_cube("outputs", outputs, N, steps, shape.outputs);
  const statecast::BatchData<T> data{N, steps, x.data(), nullptr, present ? present->data() : nullptr, nullptr};
  const nb::gil_scoped_release release;
  statecast::run_batched<T>(shape, parameters.data(), data, h.data(), c.data(), outputs.data(), {threads, {}});
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
void register_for(nb::module_& m, const char* stepper) {
  m.def("run", &run<T>, "shape"_a, "parameters"_a.noconvert(), "x"_a.noconvert(), "offsets"_a.noconvert(),
        "of_network"_a.noconvert(), "h"_a.noconvert(), "c"_a.noconvert(), "starts"_a.noconvert(),
        "outputs"_a.noconvert(), "threads"_a, "Run every network over its sequence; h and c go in and come out.");
  m.def("run_batched", &run_batched<T>, "shape"_a, "parameters"_a.noconvert(), "x"_a.noconvert(),
        "present"_a.noconvert().none(), "h"_a.noconvert(), "c"_a.noconvert(), "outputs"_a.noconvert(), "threads"_a,
        "Run one network over many sequences [N, T, ..]; h and c go in and come out.");
  m.def("gradient", &gradient<T>, "shape"_a, "parameters"_a.noconvert(), "x"_a.noconvert(), "y"_a.noconvert(),
        "h"_a.noconvert(), "c"_a.noconvert(), "gradient"_a.noconvert(), "Loss of one chunk, and its gradient.");
  nb::class_<Step<T>>(m, stepper, "One network that goes on step by step; it owns its state.")
      .def(nb::init<const Sizes&, Array<const T, 1>, Array<const T, 1>, Array<const T, 1>>(), "shape"_a,
           "parameters"_a.noconvert(), "h"_a.noconvert(), "c"_a.noconvert())
      .def("step", &Step<T>::step, "x"_a.noconvert(), "outputs"_a.noconvert(), "Take a row in; write what comes out.")
      .def("state", &Step<T>::state, "h"_a.noconvert(), "c"_a.noconvert(), "Write the state as it is now.");
}

}  // namespace

void register_network(nb::module_& m) {
  register_for<float>(m, "Stepper32");
  register_for<double>(m, "Stepper64");
}

}  // namespace bindings
