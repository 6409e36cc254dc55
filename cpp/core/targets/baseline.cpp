// The kernels for what every x86-64 has: SSE2.
#if defined(__x86_64__)
#define STATECAST_TARGET baseline
#define STATECAST_REGISTER 16
#define STATECAST_X86
#include "../target.h"

namespace statecast {
const Target kBaseline{"baseline", baseline::kernels<float>, baseline::kernels<double>};
}
#endif
