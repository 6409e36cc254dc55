#include "parallel.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace statecast {
namespace {

struct alignas(64) Counter {  // one a cache line, so that workers do not wait for each other
  std::atomic<Index> value{0};
};

// What members and the watching thread share.
struct Board {
  std::atomic<bool> stop{false};
  std::mutex mutex;
  std::condition_variable finished;
  Index members = 0, working = 0;
  std::exception_ptr error;
};

void work(Board& board, Index k, const Member& member, std::atomic<Index>& done) {
  {
    const std::lock_guard all_started(board.mutex);
  }
  try {
    member(k, board.members, board.stop, done);
  } catch (...) {
    const std::lock_guard lock(board.mutex);
    if (!board.error) board.error = std::current_exception();
    board.stop = true;
  }
  const std::lock_guard lock(board.mutex);
  --board.working;
  board.finished.notify_one();
}

}  // namespace

bool as_team(const Running& running, const Member& member) {
  using namespace std::chrono_literals;
  const Index threads = std::max<Index>(running.threads, 1);
  Board board;
  const auto counters = std::make_unique<Counter[]>(std::size_t(threads));
  bool stopped = false;
  {
    std::vector<std::jthread> workers;
    std::unique_lock lock(board.mutex);
    if (threads > 1 || running.tick) {
      try {
        for (Index k = 0; k < threads; ++k)
          workers.emplace_back([&, k] { work(board, k, member, counters[std::size_t(k)].value); });
      } catch (const std::system_error&) {
        // The system refuses another thread: those that there are do the work.
      }
    }
    board.members = board.working = std::max<Index>(Index(workers.size()), 1);
    if (workers.empty()) {
      lock.unlock();
      work(board, 0, member, counters[0].value);
      lock.lock();
    }
    while (!board.finished.wait_for(lock, 100ms, [&] { return board.working == 0; })) {
      if (!running.tick || stopped) continue;
      Index done = 0;
      for (Index k = 0; k < threads; ++k) done += counters[std::size_t(k)].value.load(std::memory_order_relaxed);
      lock.unlock();
      stopped = !running.tick(done);
      lock.lock();
      if (stopped) board.stop = true;
    }
  }
  if (board.error) std::rethrow_exception(board.error);
  return !stopped;
}

bool for_each(Index tasks, const Running& running, const Task& task) {
  std::atomic<Index> next{0};
  Running team = running;
  team.threads = std::clamp<Index>(running.threads, 1, std::max<Index>(tasks, 1));
  return as_team(team, [&](Index, Index, const std::atomic<bool>& stop, std::atomic<Index>& done) {
    for (Index n = next++; n < tasks && !stop; n = next++) task(n, stop, done);
  });
}

}  // namespace statecast
