// The kernels for AVX-512 (F, VL, BW, DQ).
#if defined(__x86_64__)
#define STATECAST_TARGET avx512
#define STATECAST_REGISTER 64
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
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512vl,avx512bw,avx512dq,fma,prefer-vector-width=512")
#endif
#include "../target.h"

namespace statecast {
const Target kAvx512{"avx512", avx512::kernels<float>, avx512::kernels<double>};
}
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
