// Products of small matrices in registers, for many sequences at once.
//
// A panel is 16 columns of a matrix, row after row: [K, 16]. C [M, 16 n] += A [M, K] B [K, 16 n], B in panels. Every
// element of C is summed over K in order, by one accumulator, so that its bits depend on nothing but its own row and
// column. All three products of backpropagation are this one, with other strides:
//   Z = X W           A = X by rows           B = W in panels
//   dX = dZ W'        A = dZ by rows          B = W transposed, in panels
//   dW += X' dZ       A = X by columns        B = dZ, its rows being K
#pragma once

#include "simd.h"

namespace statecast::STATECAST_TARGET {

// Accumulators that fill about half of the target's registers, so that the multiply-adds never wait for each other.
inline constexpr int kTileRows = STATECAST_REGISTER >= 64 ? 8 : STATECAST_REGISTER >= 32 ? 4 : 2;
inline constexpr int kTilePanels = STATECAST_REGISTER >= 64 ? 2 : 1;

// A element (m, k) is a[m * a_row + k * a_step]; B element (k, 16 p + j) is b[k * b_step + p * b_panel + j].
template <class T>
struct Factors {
  const T* a;
  Index a_row, a_step;
  const T* b;
  Index b_step, b_panel;
  Index depth;  // K
};

template <class T, int Rows, int Panels>
struct Tile {
  Vec<T, kBlock> at[Rows][Panels];

  STATECAST_INLINE void add(const Factors<T>& f) {
    const T* a = f.a;
    const T* b = f.b;
    for (Index k = 0; k < f.depth; ++k, a += f.a_step, b += f.b_step) {
      Vec<T, kBlock> column[Panels];
#pragma GCC unroll 4
      for (int p = 0; p < Panels; ++p) column[p] = load<kBlock>(b + p * f.b_panel);
#pragma GCC unroll 16
      for (int r = 0; r < Rows; ++r) {
        const auto value = fill<kBlock>(a[r * f.a_row]);
#pragma GCC unroll 4
        for (int p = 0; p < Panels; ++p) at[r][p] = fma(value, column[p], at[r][p]);
      }
    }
  }
};

// A matrix of rows and 16-wide panels: element (m, 16 p + j) is at[m * row + p * panel + j].
template <class T>
struct Grid {
  T* at;
  Index row, panel;
};

// C = start + the sum of the products; where start.at is null, C starts from zero.
template <class T, int Rows, int Panels>
STATECAST_INLINE void multiply_tile(const Grid<T>& to, const Grid<const T>& start, Index m, Index p,
                                    const Factors<T>* factors, int count) {
  Tile<T, Rows, Panels> tile;
  const T* from = start.at == nullptr ? nullptr : start.at + m * start.row + p * start.panel;
#pragma GCC unroll 16
  for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 4
    for (int q = 0; q < Panels; ++q)
      tile.at[r][q] = start.at == nullptr ? fill<kBlock>(T(0)) : load<kBlock>(from + r * start.row + q * start.panel);
  for (int n = 0; n < count; ++n) {
    Factors<T> f = factors[n];
    f.a += m * f.a_row;
    f.b += p * f.b_panel;
    tile.add(f);
  }
  T* at = to.at + m * to.row + p * to.panel;
#pragma GCC unroll 16
  for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 4
    for (int q = 0; q < Panels; ++q) store(at + r * to.row + q * to.panel, tile.at[r][q]);
}

template <class T, int Rows, int Panels>
STATECAST_INLINE void multiply_rows(const Grid<T>& to, const Grid<const T>& start, Index m, Index rows, Index p,
                                    const Factors<T>* factors, int count) {
  for (; m + Rows <= rows; m += Rows) multiply_tile<T, Rows, Panels>(to, start, m, p, factors, count);
  if constexpr (Rows > 1) multiply_rows<T, Rows / 2, Panels>(to, start, m, rows, p, factors, count);
}

// All of C, in tiles that fit the registers: the same bits whatever the tiles.
template <class T>
STATECAST_INLINE void multiply_in_place(const Grid<T>& to, const Grid<const T>& start, Index rows, Index panels,
                                        const Factors<T>* factors, int count) {
  Index p = 0;
  if constexpr (kTilePanels > 1)
    for (; p + kTilePanels <= panels; p += kTilePanels)
      multiply_rows<T, kTileRows, kTilePanels>(to, start, 0, rows, p, factors, count);
  for (; p < panels; ++p) multiply_rows<T, kTileRows, 1>(to, start, 0, rows, p, factors, count);
}

// The same as a call, where sizes are not known to the compiler.
template <class T>
[[gnu::noinline]] void multiply(const Grid<T>& to, const Grid<const T>& start, Index rows, Index panels,
                                const Factors<T>* factors, int count) {
  multiply_in_place(to, start, rows, panels, factors, count);
}

}  // namespace statecast::STATECAST_TARGET
