// What each instruction set provides: the work on one network.
#pragma once

#include <atomic>

#include "core.h"

namespace statecast {

template <class T>
struct Kernels {
  // Returns the first epoch whose loss or last update is not finite, or -1; adds to epochs_done as it goes.
  Index (*train)(const Shape&, const OnlineOptions&, T* parameters, const T* x, const T* y, Index rows, double* losses,
                 bool every_epoch, const std::atomic<bool>& stop, std::atomic<Index>& epochs_done);
  void (*run)(const Shape&, const T* parameters, const T* x, Index rows, T* h, T* c, T* yhat);
  T (*gradient)(const Shape&, const T* parameters, const T* x, const T* y, Index rows, const T* h, const T* c,
                T* gradient);
};

struct Target {
  const char* name;
  Kernels<float> of_float;
  Kernels<double> of_double;
};

extern const Target kBaseline;
#if defined(__x86_64__)
extern const Target kAvx2, kAvx512;
#endif

}  // namespace statecast
