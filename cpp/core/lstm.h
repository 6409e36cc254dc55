// The LSTM cell on M rows that share their weights, elementwise part; network.h has the products around it.
//
// Letters (padded sizes, see shape.h): U units.
//   a [M, 4U]  z in, gates i, f, g, o out; back: da      c, h, s [M, row of units]   s is tanh(c)
//   forward    i, f, o = sigmoid(z), g = tanh(z);  c = f c_prev + i g;  h = o s
//   backward   da = dL/dz, dh = dL/dh, dc = dL/dc; dc goes in for this step and comes out for the step before.
// docs/design/lstm.md derives each line.
#pragma once

#include "activation.h"

namespace statecast::STATECAST_TARGET {

// FixedUnits: U where it is known to the compiler, else 0. Width: numbers worked on at once; divides U.
template <class T, int FixedUnits, int Width>
struct Cell {
  using Part = Vec<T, Width>;

  Index given_units;

  Index units() const { return FixedUnits > 0 ? FixedUnits : given_units; }

  // One row.
  STATECAST_INLINE void forward(T* a, const T* c_prev, T* c, T* s, T* h) const {
    const Index U = units();
    const Part half = fill<Width>(T(0.5));
    for (Index k = 0; k < U; k += Width) {
      const Part i = fma(tanh(half * load<Width>(a + k)), half, half);
      const Part f = fma(tanh(half * load<Width>(a + U + k)), half, half);
      const Part g = tanh(load<Width>(a + 2 * U + k));
      const Part o = fma(tanh(half * load<Width>(a + 3 * U + k)), half, half);
      const Part cell = fma(f, load<Width>(c_prev + k), i * g);
      const Part squashed = tanh(cell);
      store(a + k, i);
      store(a + U + k, f);
      store(a + 2 * U + k, g);
      store(a + 3 * U + k, o);
      store(c + k, cell);
      store(s + k, squashed);
      store(h + k, o * squashed);
    }
  }

  // One row; da takes the place of a.
  STATECAST_INLINE void backward(T* a, const T* c_prev, const T* s, const T* dh, T* dc) const {
    const Index U = units();
    const Part one = fill<Width>(T(1));
    for (Index k = 0; k < U; k += Width) {
      const Part i = load<Width>(a + k), f = load<Width>(a + U + k);
      const Part g = load<Width>(a + 2 * U + k), o = load<Width>(a + 3 * U + k);
      const Part t = load<Width>(s + k), dht = load<Width>(dh + k);
      const Part dct = fma(dht * o, one - t * t, load<Width>(dc + k));
      store(a + k, dct * g * (i * (one - i)));
      store(a + U + k, dct * load<Width>(c_prev + k) * (f * (one - f)));
      store(a + 2 * U + k, dct * i * (one - g * g));
      store(a + 3 * U + k, dht * t * (o * (one - o)));
      store(dc + k, dct * f);
    }
  }
};

}  // namespace statecast::STATECAST_TARGET
