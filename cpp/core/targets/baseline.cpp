// What every machine of the architecture runs: SSE2 on x86-64, NEON on Arm.
#define STATECAST_TARGET baseline
#define STATECAST_REGISTER 16
#if defined(__aarch64__)
#define STATECAST_FMA
#endif
#include "../target.h"

namespace statecast {
const Target kBaseline{"baseline", baseline::kernels<float>, baseline::kernels<double>};
}
