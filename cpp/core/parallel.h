// Independent tasks over threads, watched by the calling thread.
#pragma once

#include <atomic>
#include <functional>

#include "core.h"

namespace statecast {

// task(n, stop, done): does task n, looks at `stop` now and then, adds finished epochs to `done`, of which it is the
// only writer. Returns false where tick stopped the work. The first exception of a task is thrown to the caller.
using Task = std::function<void(Index n, const std::atomic<bool>& stop, std::atomic<Index>& done)>;
bool for_each(Index tasks, const Running& running, const Task& task);

}  // namespace statecast
