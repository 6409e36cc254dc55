// Work over threads, watched by the calling thread.
#pragma once

#include <atomic>
#include <functional>

#include "core.h"

namespace statecast {

// member(k, n, stop, done): what thread k of n does; it looks at `stop` now and then, and adds finished epochs to `done`,
// of which it is the only writer. None begins before all have been started; where the system refuses threads, there are
// fewer, down to the calling one. Returns false where tick stopped the work. The first exception is thrown to the caller.
using Member = std::function<void(Index k, Index n, const std::atomic<bool>& stop, std::atomic<Index>& done)>;
bool as_team(const Running& running, const Member& member);

// Independent tasks, each drawn by a thread that has none: task(n, stop, done).
using Task = std::function<void(Index n, const std::atomic<bool>& stop, std::atomic<Index>& done)>;
bool for_each(Index tasks, const Running& running, const Task& task);

}  // namespace statecast
