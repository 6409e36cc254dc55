// The kernels for AVX2 with FMA.
#if defined(__x86_64__)
#define STATECAST_TARGET avx2
#define STATECAST_REGISTER 32
#define STATECAST_FMA
#define STATECAST_X86
#include <immintrin.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "../kernels.h"
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif
#include "../target.h"

namespace statecast {
const Target kAvx2{"avx2", avx2::kernels<float>, avx2::kernels<double>};
}
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
