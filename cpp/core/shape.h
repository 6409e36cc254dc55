// Sizes of a network and the order of its parameters.
//
// I inputs, H units, O outputs. Outside the core, parameters are one flat array in Keras' order:
//   kernel [I, 4H], recurrent kernel [H, 4H], bias [4H], head kernel [H, O], head bias [O];
// gates in the order input, forget, cell, output.
//
// Inside, units are padded to U, a multiple of 4, so that every row is a whole number of 16-wide blocks:
//   W [I, 4U], R [U, 4U], b [4U], V [O, U] (head kernel transposed), d [O] padded to a multiple of 16.
// Padded units have zero weights and zero gradients, so they stay exactly zero.
#pragma once

#include <cstddef>

namespace statecast {

using Index = std::ptrdiff_t;

inline constexpr Index kBlock = 16;  // elements that one row operation works on
inline constexpr Index kPack = 4;    // units are padded to a multiple of this

constexpr Index round_up(Index n, Index multiple) { return (n + multiple - 1) / multiple * multiple; }

struct Shape {
  Index inputs = 1;   // I
  Index units = 1;    // H
  Index outputs = 1;  // O

  constexpr Index parameters() const { return (inputs + units + 1) * 4 * units + (units + 1) * outputs; }

  constexpr Index padded_units() const { return round_up(units, kPack); }  // U
  constexpr Index row() const { return 4 * padded_units(); }               // 4U
  constexpr Index recurrent_at() const { return inputs * row(); }
  constexpr Index bias_at() const { return recurrent_at() + padded_units() * row(); }
  constexpr Index head_at() const { return bias_at() + row(); }
  constexpr Index head_bias_at() const { return head_at() + outputs * padded_units(); }
  constexpr Index padded_parameters() const { return round_up(head_bias_at() + outputs, kBlock); }
};

// Call visit(outer, inner) for every parameter: its place in the flat array outside and in the padded one inside.
template <class Visit>
void for_each_parameter(const Shape& shape, Visit visit) {
  const Index I = shape.inputs, H = shape.units, O = shape.outputs, U = shape.padded_units();
  Index outer = 0;
  for (Index row = 0; row < I + H + 1; ++row) {
    const Index inner_row = row < I + H ? row : I + U;  // the bias follows the padded recurrent rows
    for (Index gate = 0; gate < 4; ++gate)
      for (Index k = 0; k < H; ++k) visit(outer++, inner_row * 4 * U + gate * U + k);
  }
  for (Index k = 0; k < H; ++k)
    for (Index o = 0; o < O; ++o) visit(outer++, shape.head_at() + o * U + k);
  for (Index o = 0; o < O; ++o) visit(outer++, shape.head_bias_at() + o);
}

}  // namespace statecast
