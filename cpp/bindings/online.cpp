// Training of many networks, each online on its sequence.
#include <stdexcept>
#include <utility>

#include "checks.h"

namespace bindings {
namespace {

using Length = std::tuple<statecast::Index, statecast::Index, statecast::Index>;  // epochs, bptt, patience

void check_held_out(const Offsets& held_out, const Offsets& offsets) {
  expect("sequences in held_out", held_out.size(), statecast::Index(offsets.size()) - 1);
  for (std::size_t s = 0; s < held_out.size(); ++s)
    if (held_out(s) < 0 || held_out(s) >= offsets(s + 1) - offsets(s))
      throw std::invalid_argument("held_out: expected fewer rows than a sequence has, got " +
                                  std::to_string(held_out(s)));
}

template <class T>
void train_online(const Sizes& sizes, Array<T, 2> parameters, Array<const T, 2> x, Array<const T, 2> y,
                  Maybe<Array<const T, 2>> weights, Offsets offsets, Offsets of_network, Maybe<Offsets> held_out,
                  const Length& length, const ScheduleOf& schedule, const LossOf& loss, const AdamOf& adam,
                  Array<double, 2> losses, Maybe<Array<double, 2>> held_out_losses, Array<std::int64_t, 2> outcomes,
                  statecast::Index threads, nb::object progress) {
  const statecast::Shape shape = shape_of(sizes);
  const auto [epochs, bptt, patience] = length;
  const statecast::OnlineOptions options{epochs, bptt, patience, schedule_of(schedule), loss_of(loss), update_of(adam)};
  const auto networks = statecast::Index(parameters.shape(0)), targets = targets_of(shape, options.loss);
  expect("parameters of a network", parameters.shape(1), shape.parameters());
  expect("inputs (columns of x)", x.shape(1), shape.inputs);
  expect("targets (columns of y)", y.shape(1), targets);
  expect("rows of y", y.shape(0), x.shape(0));
  if (weights) {
    expect("rows of weights", weights->shape(0), x.shape(0));
    expect("targets (columns of weights)", weights->shape(1), targets);
  }
  at_least_one("epochs", epochs);
  at_least_one("bptt", bptt);
  at_least_one("threads", threads);
  check_sequences(offsets, of_network, networks, x.shape(0));
  expect("networks in losses", losses.shape(0), networks);
  if (losses.shape(1) != 1) expect("epochs in losses", losses.shape(1), epochs);
  if (held_out) {
    check_held_out(*held_out, offsets);
    if (!held_out_losses) throw std::invalid_argument("held_out_losses: expected an array to go with held_out");
    expect("networks in held_out_losses", held_out_losses->shape(0), networks);
    expect("epochs in held_out_losses", held_out_losses->shape(1), losses.shape(1));
  }
  expect("networks in outcomes", outcomes.shape(0), networks);
  expect("numbers of an outcome", outcomes.shape(1), 3);
  const statecast::Sequences<T> sequences{x.data(), offsets.data(), of_network.data()};
  const statecast::Targets<T> wanted{y.data(), weights ? weights->data() : nullptr,
                                     held_out ? held_out->data() : nullptr};
  const statecast::OnlineResults results{losses.data(), held_out ? held_out_losses->data() : nullptr,
                                         losses.shape(1) > 1,
                                         reinterpret_cast<statecast::NetworkOutcome*>(outcomes.data())};
  const statecast::Running running{threads, tick(progress)};
  bool whole = false;
  {
    const nb::gil_scoped_release release;
    whole =
        statecast::train_online<T>(shape, networks, parameters.data(), sequences, wanted, options, results, running);
  }
  if (!whole) throw nb::python_error();
}

template <class T>
void register_for(nb::module_& m) {
  m.def("train_online", &train_online<T>, "shape"_a, "parameters"_a.noconvert(), "x"_a.noconvert(), "y"_a.noconvert(),
        "weights"_a.noconvert().none(), "offsets"_a.noconvert(), "of_network"_a.noconvert(),
        "held_out"_a.noconvert().none(), "length"_a, "schedule"_a, "loss"_a, "adam"_a, "losses"_a.noconvert(),
        "held_out_losses"_a.noconvert().none(), "outcomes"_a.noconvert(), "threads"_a, "progress"_a.none(),
        "Train every network on its sequence, in place; outcomes: epochs done, the best one, the one that diverged.");
}

void rates(const ScheduleOf& schedule, Array<double, 1> to) {
  const statecast::Schedule from = schedule_of(schedule);
  for (std::size_t k = 0; k < to.size(); ++k) to(k) = from.rate(statecast::Index(k), statecast::Index(to.size()));
}

}  // namespace

void register_online(nb::module_& m) {
  m.def("rates", &rates, "schedule"_a, "to"_a.noconvert(), "Write the learning rates of all updates.");
  register_for<float>(m);
  register_for<double>(m);
}

}  // namespace bindings
