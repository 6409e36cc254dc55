#include "dropout.h"

namespace statecast {
namespace {

// SplitMix64 (Steele, Lea and Flood, 2014, "Fast splittable pseudorandom number generators").
std::uint64_t mix(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

template <class T>
void draw_mask(const MaskOf& of, double rate, Index count, T* mask) {
  const std::uint64_t key = mix(mix(mix(mix(of.seed) + of.epoch) + of.sequence) + of.place);
  const T kept = T(1 / (1 - rate));
  for (Index k = 0; k < count; ++k) {
    const double uniform = double(mix(key + std::uint64_t(k)) >> 11) * 0x1p-53;
    mask[k] = uniform < rate ? T(0) : kept;
  }
}

template void draw_mask(const MaskOf&, double, Index, float*);
template void draw_mask(const MaskOf&, double, Index, double*);

}  // namespace statecast
