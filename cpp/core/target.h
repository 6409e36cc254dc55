// The kernels of one instruction set as a table of functions. Included once by each targets/*.cpp, which names the
// set in STATECAST_TARGET and switches the compiler to it. Standard headers are included before that switch: an inline
// function of theirs compiled for AVX-512 could be the copy that the linker keeps for everyone.
#pragma once

#include "batched.h"
#include "kernels.h"
#include "lanes.h"
#include "online.h"

namespace statecast::STATECAST_TARGET {

// Calls use.operator()<U, Width>() with U known to the compiler for the common small sizes.
template <class Use>
auto with_units(const Shape& shape, Use use) {
  const Index U = shape.padded_units();
  if (shape.layers == 1 && U == 4) return use.template operator()<4, 4>();
  if (U == 8) return use.template operator()<8, 8>();
  if (U == 16) return use.template operator()<16, 16>();
  if (U == 32) return use.template operator()<32, 16>();
  if (U % 16 == 0) return use.template operator()<0, 16>();
  return use.template operator()<0, 4>();
}

template <class T>
void train(const Shape& shape, const OnlineOptions& options, const Pupil<T>* pupils, Index count, Rows rows,
           bool every_epoch, const std::atomic<bool>& stop, std::atomic<Index>& epochs_done) {
  const Index window = std::min(options.bptt, rows.learnt);
  if (count > 1) {
    Lanes<T>(shape, rows, window, options).train(pupils, count, every_epoch, stop, epochs_done);
    return;
  }
  with_units(shape, [&]<int U, int Width>() {
    Online<T, U, Width>(shape, window, true, options.loss.outputs_per_target())
        .train(options, *pupils, rows, every_epoch, stop, epochs_done);
  });
}

template <class T>
void run(const Shape& shape, const T* parameters, const T* x, Index rows, T* h, T* c, T* yhat) {
  with_units(shape,
             [&]<int U, int Width>() { Online<T, U, Width>(shape, 1, false).run(parameters, x, rows, h, c, yhat); });
}

template <class T>
T gradient(const Shape& shape, const T* parameters, const T* x, const T* y, Index rows, const T* h, const T* c,
           T* gradient) {
  return with_units(shape, [&]<int U, int Width>() {
    return Online<T, U, Width>(shape, rows, true).gradient(parameters, x, y, rows, h, c, gradient);
  });
}

template <class T>
std::unique_ptr<OneStep<T>> make_stepper(const Shape& shape) {
  return with_units(shape, [&]<int U, int Width>() -> std::unique_ptr<OneStep<T>> {
    return std::make_unique<Online<T, U, Width>>(shape, 1, false);
  });
}

template <class T>
std::unique_ptr<Batch<T>> make_batch(const Shape& shape, const BatchData<T>& data, const BatchPlan& plan) {
  if (shape.padded_units() % 16 == 0) return std::make_unique<Batched<T, 16>>(shape, data, plan);
  return std::make_unique<Batched<T, 4>>(shape, data, plan);
}

template <class T>
constexpr Kernels<T> kernels{train<T>, Lanes<T>::kLanes, run<T>, gradient<T>, make_batch<T>, make_stepper<T>};

}  // namespace statecast::STATECAST_TARGET
