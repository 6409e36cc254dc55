// The kernels of one instruction set as a table of functions. Included once by each targets/*.cpp, which names the
// set in STATECAST_TARGET and switches the compiler to it. Standard headers are included before that switch: an inline
// function of theirs compiled for AVX-512 could be the copy that the linker keeps for everyone.
#pragma once

#include "kernels.h"
#include "online.h"

namespace statecast::STATECAST_TARGET {

// Calls use(Online<T, U>) with U known to the compiler for the common sizes.
template <class T, class Use>
auto with_units(const Shape& shape, Index chunk, Use use) {
  switch (shape.padded_units()) {
    case 4: return use(Online<T, 4>(shape, chunk));
    case 8: return use(Online<T, 8>(shape, chunk));
    case 16: return use(Online<T, 16>(shape, chunk));
    case 32: return use(Online<T, 32>(shape, chunk));
    default: return use(Online<T, 0>(shape, chunk));
  }
}

template <class T>
Index train(const Shape& shape, const OnlineOptions& options, T* parameters, const T* x, const T* y, Index rows,
            double* losses, bool every_epoch, const std::atomic<bool>& stop, std::atomic<Index>& epochs_done) {
  return with_units<T>(shape, std::min(options.bptt, rows), [&](auto online) {
    return online.train(options, parameters, x, y, rows, losses, every_epoch, stop, epochs_done);
  });
}

template <class T>
void run(const Shape& shape, const T* parameters, const T* x, Index rows, T* h, T* c, T* yhat) {
  with_units<T>(shape, 1, [&](auto online) { online.run(parameters, x, rows, h, c, yhat); });
}

template <class T>
T gradient(const Shape& shape, const T* parameters, const T* x, const T* y, Index rows, const T* h, const T* c,
           T* gradient) {
  return with_units<T>(shape, rows,
                       [&](auto online) { return online.gradient(parameters, x, y, rows, h, c, gradient); });
}

template <class T>
constexpr Kernels<T> kernels{train<T>, run<T>, gradient<T>};

}  // namespace statecast::STATECAST_TARGET
