// Masks of variational dropout (Gal and Ghahramani, 2016, "A theoretically grounded application of dropout in recurrent
// neural networks"): a number is kept or dropped for a whole sequence, not anew at each step.
//
// A mask is a function of seed, epoch, sequence and place alone, so it depends on no mini-batch, thread or order.
#pragma once

#include <cstdint>

#include "shape.h"

namespace statecast {

// Shares that are dropped, each from 0 to below 1.
struct Dropout {
  double inputs = 0;     // of what the first layer sees, and the head where it sees the inputs
  double layers = 0;     // of what a layer gives to the next one or to the head; what passes around a layer is kept
  double recurrent = 0;  // of what a layer sees of its own state
  std::uint64_t seed = 0;
};

// Whose mask it is; place: 0 for inputs, 1 + 2l for the state of layer l, 2 + 2l for what it gives.
struct MaskOf {
  std::uint64_t seed, epoch, sequence, place;
};

// mask [count]: 0 where dropped, else 1 / (1 - rate), which keeps the mean.
template <class T>
void draw_mask(const MaskOf& of, double rate, Index count, T* mask);

}  // namespace statecast
