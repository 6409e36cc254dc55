// statecast._core: checks of shapes, the GIL released, calls of the core; nothing else.
#include <cstdlib>

#include "checks.h"

NB_MODULE(_core, m) {
  if (const char* wanted = std::getenv("STATECAST_ISA"); wanted != nullptr && *wanted != '\0')
    statecast::use_instruction_set(wanted);
  m.def("instruction_set", &statecast::instruction_set, "The instruction set in use.");
  m.def("instruction_sets", &statecast::instruction_sets, "Those that this machine can run, best first.");
  bindings::register_network(m);
  bindings::register_online(m);
  bindings::register_batched(m);
}
