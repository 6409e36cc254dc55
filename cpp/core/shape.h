// Sizes of a network and the order of its parameters.
//
// I inputs, H units in each of L layers, O outputs. Layer 0 sees the inputs, the others what the layer below gives. With
// `residual`, every layer but the first adds its inputs to what it gives; with `skip`, the head sees the inputs too.
// Outside the core, parameters are one flat array in Keras' order, a layer after another, then the head:
//   kernel [I or H, 4H], recurrent kernel [H, 4H], bias [4H];  head kernel [H (+ I), O], head bias [O];
// gates in the order input, forget, cell, output.
//
// Inside, units are padded to U, a multiple of 4, and rows of numbers to a whole number of 16-wide blocks. Padded units
// have zero weights and zero gradients, so they stay exactly zero.
//   a layer   panels of 16 columns of [x; h; 1] -> gates: [4U / 16, (I or U) + U + 1, 16]
//   head      V [O, width of a row of its inputs], d [O] padded
#pragma once

#include <algorithm>

#include <cstddef>

namespace statecast {

using Index = std::ptrdiff_t;

// Always inline: a copy compiled for one instruction set must not be what the linker keeps for all.
#define STATECAST_SIZE [[gnu::always_inline]] constexpr Index

inline constexpr Index kBlock = 16;  // columns of a panel, elements that one row operation works on
inline constexpr Index kPack = 4;    // units are padded to a multiple of this

STATECAST_SIZE round_up(Index n, Index multiple) { return (n + multiple - 1) / multiple * multiple; }

struct Shape {
  Index inputs = 1;   // I
  Index units = 1;    // H
  Index outputs = 1;  // O
  Index layers = 1;   // L
  bool residual = false;
  bool skip = false;

  STATECAST_SIZE inputs_of(Index layer) const { return layer == 0 ? inputs : units; }
  STATECAST_SIZE parameters() const {
    const Index recurrent = layers * (units + 1) * 4 * units;
    const Index kernels = (inputs + (layers - 1) * units) * 4 * units;
    return recurrent + kernels + (units + (skip ? inputs : 0) + 1) * outputs;
  }

  STATECAST_SIZE padded_units() const { return round_up(units, kPack); }  // U
  STATECAST_SIZE dot_width() const {  // partial sums of the head's dot product, where O = 1
    return padded_units() % 16 == 0 ? 16 : padded_units() % 8 == 0 ? 8 : 4;
  }
  STATECAST_SIZE gates() const { return 4 * padded_units(); }                   // 4U, a whole number of blocks
  STATECAST_SIZE unit_row() const { return round_up(padded_units(), kBlock); }  // numbers between rows of h, c, ..
  STATECAST_SIZE input_row() const { return round_up(inputs, kBlock); }
  STATECAST_SIZE padded_inputs_of(Index layer) const { return layer == 0 ? inputs : padded_units(); }
  STATECAST_SIZE depth(Index layer) const { return padded_inputs_of(layer) + padded_units() + 1; }  // rows of a panel
  STATECAST_SIZE layer_at(Index layer) const {
    const Index first = depth(0) * gates();
    return layer == 0 ? 0 : first + (layer - 1) * depth(1) * gates();
  }
  STATECAST_SIZE head_row() const { return unit_row() + (skip ? input_row() : 0); }
  STATECAST_SIZE head_at() const { return layer_at(layers); }
  STATECAST_SIZE head_bias_at() const { return head_at() + outputs * head_row(); }
  STATECAST_SIZE padded_outputs() const { return round_up(outputs, kBlock); }
  STATECAST_SIZE padded_parameters() const { return head_bias_at() + padded_outputs(); }
};

// Call visit(outer, inner, count) for every run of parameters that lie together in the flat array outside, from outer on,
// and in the padded one inside, from inner on.
template <class Visit>
void for_each_run(const Shape& shape, Visit visit) {
  const Index H = shape.units, U = shape.padded_units(), O = shape.outputs;
  Index outer = 0;
  for (Index layer = 0; layer < shape.layers; ++layer) {
    const Index I = shape.inputs_of(layer), padding = shape.padded_inputs_of(layer) - I;
    for (Index row = 0; row < I + H + 1; ++row) {
      const Index inner_row = row < I ? row : row < I + H ? row + padding : row + padding + U - H;
      for (Index gate = 0; gate < 4; ++gate) {
        for (Index k = 0; k < H;) {
          const Index column = gate * U + k, panel = column / kBlock, within = column % kBlock;
          const Index count = std::min(H - k, kBlock - within);
          visit(outer, shape.layer_at(layer) + (panel * shape.depth(layer) + inner_row) * kBlock + within, count);
          outer += count, k += count;
        }
      }
    }
  }
  for (Index k = 0; k < H + (shape.skip ? shape.inputs : 0); ++k)
    for (Index o = 0; o < O; ++o)
      visit(outer++, shape.head_at() + o * shape.head_row() + (k < H ? k : shape.unit_row() + k - H), Index{1});
  visit(outer, shape.head_bias_at(), O);
}

// Call visit(outer, inner) for every parameter: its place in the flat array outside and in the padded one inside.
template <class Visit>
void for_each_parameter(const Shape& shape, Visit visit) {
  for_each_run(shape, [&](Index outer, Index inner, Index count) {
    for (Index k = 0; k < count; ++k) visit(outer + k, inner + k);
  });
}

}  // namespace statecast
