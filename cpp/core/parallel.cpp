#include "parallel.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace statecast {
namespace {

struct alignas(64) Counter {  // one a cache line, so that workers do not wait for each other
  std::atomic<Index> value{0};
};

// What workers and the watching thread share.
struct Board {
  std::atomic<Index> next{0};
  std::atomic<bool> stop{false};
  std::mutex mutex;
  std::condition_variable finished;
  Index working = 0;
  std::exception_ptr error;
};

void work(Board& board, Index tasks, const Task& task, std::atomic<Index>& done) {
  try {
    for (Index n = board.next++; n < tasks && !board.stop; n = board.next++) task(n, board.stop, done);
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

bool for_each(Index tasks, const Running& running, const Task& task) {
  using namespace std::chrono_literals;
  const Index threads = std::clamp<Index>(running.threads, 1, std::max<Index>(tasks, 1));
  Board board;
  const auto counters = std::make_unique<Counter[]>(threads);
  if (threads == 1 && !running.tick) {
    board.working = 1;
    work(board, tasks, task, counters[0].value);
    if (board.error) std::rethrow_exception(board.error);
    return true;
  }
  bool stopped = false;
  {
    std::vector<std::jthread> workers;
    std::unique_lock lock(board.mutex);
    for (Index k = 0; k < threads; ++k) {
      workers.emplace_back([&, k] { work(board, tasks, task, counters[k].value); });
      ++board.working;
    }
    while (!board.finished.wait_for(lock, 100ms, [&] { return board.working == 0; })) {
      if (!running.tick || stopped) continue;
      Index done = 0;
      for (Index k = 0; k < threads; ++k) done += counters[k].value.load(std::memory_order_relaxed);
      lock.unlock();
      stopped = !running.tick(done);
      lock.lock();
      if (stopped) board.stop = true;
    }
  }
  if (board.error) std::rethrow_exception(board.error);
  return !stopped;
}

}  // namespace statecast
