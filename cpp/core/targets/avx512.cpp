// The kernels for AVX-512 (F, VL, BW, DQ).
#if defined(__x86_64__)
#define STATECAST_TARGET avx512
#define STATECAST_REGISTER 64
#define STATECAST_FMA
#include <immintrin.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <vector>

#include "../kernels.h"
#pragma GCC push_options
#pragma GCC target("avx512f,avx512vl,avx512bw,avx512dq,fma,prefer-vector-width=512")
#include "../target.h"

namespace statecast {
const Target kAvx512{"avx512", avx512::kernels<float>, avx512::kernels<double>};
}
#pragma GCC pop_options
#endif
