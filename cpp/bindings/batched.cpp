// Training of one network on many sequences.
#include <stdexcept>
#include <utility>

#include "checks.h"

namespace bindings {
namespace {

using DropoutOf = std::tuple<double, double, double>;  // inputs, layers, recurrent

template <class T>
statecast::BatchData<T> data_of(const statecast::Shape& shape, const statecast::Loss& loss, const Array<const T, 3>& x,
                                const Array<const T, 3>& y, const Maybe<Mask>& present,
                                const Maybe<Array<const T, 3>>& weights) {
  const statecast::Index N = x.shape(0), steps = x.shape(1), targets = targets_of(shape, loss);
  if (N < 1 || steps < 1) throw std::invalid_argument("x: expected at least 1 sequence of at least 1 step");
  expect("inputs (columns of x)", x.shape(2), shape.inputs);
  check_cube("y", y, N, steps, targets);
  check_mask(present, N, steps);
  if (weights) check_cube("weights", *weights, N, steps, targets);
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
          statecast::Index window, const LossOf& loss, const AdamOf& adam, const DropoutOf& dropout, std::uint64_t seed)
      : x(x_given), y(y_given), present(present_given), weights(weights_given), shape(shape_of(sizes)) {
    expect("parameters", parameters.size(), shape.parameters());
    at_least_one("batch", batch);
    at_least_one("window", window);
    const auto [inputs, layers, recurrent] = dropout;
    for (const double share : {inputs, layers, recurrent})
      if (!(share >= 0 && share < 1))
        throw std::invalid_argument("dropout: expected shares from 0 to below 1, got " + std::to_string(share));
    const statecast::BatchOptions options{
        batch, window, loss_of(loss), update_of(adam), {inputs, layers, recurrent, seed}};
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
  const statecast::Loss how = loss_of(loss);
  const auto data = data_of<T>(shape, how, x, y, present, weights);
  const nb::gil_scoped_release release;
  return statecast::batched_loss<T>(shape, parameters.data(), data, how, gradient ? gradient->data() : nullptr,
                                    {threads, {}});
}

template <class T>
void register_for(nb::module_& m, const char* name) {
  nb::class_<Trainer<T>>(m, name, "Training of one network on many sequences [N, T, ..], epoch by epoch.")
      .def(nb::init<const Sizes&, Array<const T, 1>, Array<const T, 3>, Array<const T, 3>, Maybe<Mask>,
                    Maybe<Array<const T, 3>>, statecast::Index, statecast::Index, const LossOf&, const AdamOf&,
                    const DropoutOf&, std::uint64_t>(),
           "shape"_a, "parameters"_a.noconvert(), "x"_a.noconvert(), "y"_a.noconvert(), "present"_a.noconvert().none(),
           "weights"_a.noconvert().none(), "batch"_a, "window"_a, "loss"_a, "adam"_a, "dropout"_a, "seed"_a)
      .def("epoch", &Trainer<T>::epoch, "order"_a.noconvert(), "rates"_a.noconvert(), "threads"_a,
           "One pass; returns its loss, and whether all was finite.")
      .def("parameters", &Trainer<T>::parameters, "to"_a.noconvert(), "Write the parameters as they are now.");
  m.def("batched_loss", &batched_loss<T>, "shape"_a, "parameters"_a.noconvert(), "x"_a.noconvert(), "y"_a.noconvert(),
        "present"_a.noconvert().none(), "weights"_a.noconvert().none(), "loss"_a, "gradient"_a.noconvert().none(),
        "threads"_a, "Loss of whole sequences; the gradient is written into where it is given.");
}

}  // namespace

void register_batched(nb::module_& m) {
  register_for<float>(m, "BatchedTrainer32");
  register_for<double>(m, "BatchedTrainer64");
}

}  // namespace bindings
