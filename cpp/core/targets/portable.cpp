// The kernels in plain C++, for every other architecture, whose compiler vectorises them. Built on x86-64 too, where tests
// can run them.
#define STATECAST_TARGET portable
#define STATECAST_REGISTER 16
#if defined(__aarch64__)
#define STATECAST_FMA
#endif
#include "../target.h"

namespace statecast {
const Target kPortable{"portable", portable::kernels<float>, portable::kernels<double>};
}
