// One step of the LSTM cell and its linear head, forward and backward.
//
// Letters (padded sizes, see shape.h): I inputs, U units, O outputs.
//   x [I]   h, c [U]   a [4U] gates i, f, g, o after their activation   s [U] tanh(c)   yhat [O]
//   forward    z = b + x W + h_prev R;  i, f, o = sigmoid(z);  g = tanh(z);
//              c = f c_prev + i g;  h = o s;  yhat = d + V h
//   backward   da = dL/dz, dh = dL/dh, dc = dL/dc.
// backward() adds to every gradient, or overwrites them where `first` says so; dh and dc go in for this step and come
// out for the step before. docs/design/lstm.md derives each line.
#pragma once

#include "activation.h"

namespace statecast::STATECAST_TARGET {

// FixedUnits: the padded number of units U where it is known to the compiler, else 0.
template <class T, int FixedUnits>
struct Cell {
  static constexpr int kWidth = FixedUnits % 16 == 0 && FixedUnits > 0  ? 16
                                : FixedUnits % 8 == 0 && FixedUnits > 0 ? 8
                                                                        : 4;
  using Row = Vec<T, kBlock>;
  using Part = Vec<T, kWidth>;  // elementwise work on units

  Shape shape;

  Index units() const { return FixedUnits > 0 ? FixedUnits : shape.padded_units(); }
  Index row() const { return 4 * units(); }

  // w: padded parameters. Writes a, c, s, h of this step; h_prev, c_prev are those of the step before.
  void forward(const T* w, const T* x, const T* h_prev, const T* c_prev, T* a, T* c, T* s, T* h) const {
    const Index U = units(), N = row();
    const T *W = w, *R = w + shape.recurrent_at(), *b = w + shape.bias_at();
    for (Index j = 0; j < N; j += kBlock) {
      Row z = load<kBlock>(b + j);
      for (Index i = 0; i < shape.inputs; ++i) z = fma(fill<kBlock>(x[i]), load<kBlock>(W + i * N + j), z);
      for (Index k = 0; k < U; ++k) z = fma(fill<kBlock>(h_prev[k]), load<kBlock>(R + k * N + j), z);
      store(a + j, z);
    }
    const Part half = fill<kWidth>(T(0.5));
    for (Index k = 0; k < U; k += kWidth) {
      const Part i = fma(tanh(half * load<kWidth>(a + k)), half, half);
      const Part f = fma(tanh(half * load<kWidth>(a + U + k)), half, half);
      const Part g = tanh(load<kWidth>(a + 2 * U + k));
      const Part o = fma(tanh(half * load<kWidth>(a + 3 * U + k)), half, half);
      const Part cell = fma(f, load<kWidth>(c_prev + k), i * g);
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

  // yhat [O] from h [U].
  void head(const T* w, const T* h, T* yhat) const {
    const T *V = w + shape.head_at(), *d = w + shape.head_bias_at();
    for (Index o = 0; o < shape.outputs; ++o) {
      Vec<T, kPack> partial = fill<kPack>(T(0));
      for (Index k = 0; k < units(); k += kPack)
        partial = fma(load<kPack>(V + o * units() + k), load<kPack>(h + k), partial);
      yhat[o] = d[o] + sum(partial);
    }
  }

  // dy [O] = dL/dyhat of this step; da [4U] is scratch. `reach` says whether a step before wants dh and dc.
  void backward(const T* w, const T* x, const T* h_prev, const T* c_prev, const T* a, const T* s, const T* h,
                const T* dy, T* gradient, T* da, T* dh, T* dc, bool first, bool reach) const {
    const Index U = units(), N = row(), O = shape.outputs;
    const T *R = w + shape.recurrent_at(), *V = w + shape.head_at();
    T *dV = gradient + shape.head_at(), *dd = gradient + shape.head_bias_at();
    for (Index o = 0; o < O; ++o) {
      dd[o] = first ? dy[o] : dd[o] + dy[o];
      const Part e = fill<kWidth>(dy[o]);
      for (Index k = 0; k < U; k += kWidth) {
        store(dh + k, fma(e, load<kWidth>(V + o * U + k), load<kWidth>(dh + k)));
        const Part old = first ? fill<kWidth>(T(0)) : load<kWidth>(dV + o * U + k);
        store(dV + o * U + k, fma(e, load<kWidth>(h + k), old));
      }
    }
    const Part one = fill<kWidth>(T(1));
    for (Index k = 0; k < U; k += kWidth) {
      const Part i = load<kWidth>(a + k), f = load<kWidth>(a + U + k);
      const Part g = load<kWidth>(a + 2 * U + k), o = load<kWidth>(a + 3 * U + k);
      const Part t = load<kWidth>(s + k), dht = load<kWidth>(dh + k);
      const Part dct = fma(dht * o, one - t * t, load<kWidth>(dc + k));
      store(da + k, dct * g * (i * (one - i)));
      store(da + U + k, dct * load<kWidth>(c_prev + k) * (f * (one - f)));
      store(da + 2 * U + k, dct * i * (one - g * g));
      store(da + 3 * U + k, dht * t * (o * (one - o)));
      store(dc + k, dct * f);
    }
    for (Index j = 0; j < N; j += kBlock) {
      const Row e = load<kBlock>(da + j);
      T* column = gradient + j;
      for (Index i = 0; i < shape.inputs; ++i, column += N) accumulate(column, fill<kBlock>(x[i]) * e, first);
      for (Index k = 0; k < U; ++k, column += N) accumulate(column, fill<kBlock>(h_prev[k]) * e, first);
      accumulate(column, e, first);
    }
    if (!reach) return;
    for (Index k = 0; k < U; ++k) {
      Row partial = fill<kBlock>(T(0));
      for (Index j = 0; j < N; j += kBlock) partial = fma(load<kBlock>(R + k * N + j), load<kBlock>(da + j), partial);
      dh[k] = sum(partial);
    }
  }

 private:
  static void accumulate(T* to, Row value, bool first) { store(to, first ? value : load<kBlock>(to) + value); }
};

}  // namespace statecast::STATECAST_TARGET
