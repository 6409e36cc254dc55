// What all bindings share: arrays, and checks that say what was expected and what came.
//
// Networks are of shape (I, H, O, ..); P is the number of parameters. All arrays are C-contiguous and of one dtype;
// float64 is for checks.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core.h"

namespace bindings {

namespace nb = nanobind;
using namespace nb::literals;

template <class T, int Dimensions>
using Array = nb::ndarray<T, nb::numpy, nb::ndim<Dimensions>, nb::c_contig, nb::device::cpu>;
// Inputs, units, outputs, layers, residual, skip.
using Sizes = std::tuple<statecast::Index, statecast::Index, statecast::Index, statecast::Index, bool, bool>;

template <class T>
using Maybe = std::optional<T>;
using Offsets = Array<const std::int64_t, 1>;
using Mask = Array<const std::uint8_t, 2>;

void at_least_one(const char* what, statecast::Index got);
void expect(const std::string& what, std::size_t got, statecast::Index expected);
statecast::Shape shape_of(const Sizes& sizes);
void check_sequences(const Offsets& offsets, const Offsets& of_network, std::size_t networks, std::size_t rows);

// Arrays [N, T, columns], and which steps are there.
template <class T>
void check_cube(const std::string& what, const Array<T, 3>& array, statecast::Index sequences, statecast::Index steps,
                statecast::Index columns) {
  expect("sequences in " + what, array.shape(0), sequences);
  expect("steps in " + what, array.shape(1), steps);
  expect("columns of " + what, array.shape(2), columns);
}
void check_mask(const Maybe<Mask>& present, statecast::Index sequences, statecast::Index steps);

// What Python's dataclasses give as tuples.
using LossOf = std::tuple<std::string, std::vector<double>, double>;      // kind, quantiles, delta
using AdamOf = std::tuple<double, double, double, bool, double, double>;  // betas, epsilon, inside, decay, clip
using ScheduleOf = std::tuple<double, bool, statecast::Index, double>;    // highest, cosine, warm-up, floor

statecast::Loss loss_of(const LossOf& loss);
statecast::UpdateOptions update_of(const AdamOf& adam);
statecast::Schedule schedule_of(const ScheduleOf& schedule);
statecast::Index targets_of(const statecast::Shape& shape, const statecast::Loss& loss);  // of a row

// A tick that looks for Ctrl-C, then calls the user's progress function. A Python error stays set and stops the work.
std::function<bool(statecast::Index)> tick(nb::object progress);

void register_network(nb::module_& m);
void register_online(nb::module_& m);
void register_batched(nb::module_& m);

}  // namespace bindings
