// Many networks: the same bits whatever the threads and the neighbours; stopping, and errors of a task.
#include "parallel.h"

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "check.h"
#include "problem.h"

namespace {

using statecast::Index;
using statecast::OnlineOptions;
using statecast::Running;

const auto kGoOn = [](Index) { return true; };

// Ways of running: with and without a tick, fewer and more threads than tasks.
std::vector<Running> ways() { return {{1, {}}, {1, kGoOn}, {2, {}}, {3, kGoOn}, {100, kGoOn}}; }

}  // namespace

TEST(every_task_runs_once) {
  for (const Running& running : ways()) {
    for (const Index tasks : {0, 1, 2, 50}) {
      std::vector<std::atomic<int>> counts(tasks);
      const bool whole = statecast::for_each(
          tasks, running, [&](Index n, const std::atomic<bool>&, std::atomic<Index>&) { ++counts[n]; });
      CHECK(whole);
      for (Index n = 0; n < tasks; ++n) CHECK(counts[n] == 1, running.threads, tasks, n, counts[n]);
    }
  }
}

TEST(exception_of_a_task_reaches_the_caller) {
  using namespace std::chrono_literals;
  for (const Running& running : ways()) {
    std::atomic<Index> ran{0};
    std::string message;
    try {
      statecast::for_each(1000, running, [&](Index n, const std::atomic<bool>& stop, std::atomic<Index>&) {
        ++ran;
        if (n == 3) throw std::runtime_error("task 3");
        for (int wait = 0; n > 3 && !stop && wait < 1000; ++wait) std::this_thread::sleep_for(10ms);
      });
    } catch (const std::runtime_error& error) {
      message = error.what();
    }
    CHECK(message == "task 3", running.threads, message);
    CHECK(ran <= 3 + running.threads, running.threads, ran);  // running ones are told to stop, others not begun
  }
}

TEST(tick_runs_on_the_calling_thread_with_growing_numbers) {
  std::vector<Index> seen;
  bool here = true;
  const auto caller = std::this_thread::get_id();
  const Running running{2, [&](Index done) {
                          seen.push_back(done);
                          here = here && std::this_thread::get_id() == caller;
                          return true;
                        }};
  statecast::for_each(4, running, [](Index, const std::atomic<bool>&, std::atomic<Index>& done) {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    ++done;
  });
  CHECK(here);
  CHECK(!seen.empty());
  for (std::size_t k = 1; k < seen.size(); ++k) CHECK(seen[k] >= seen[k - 1], seen[k - 1], seen[k]);
  CHECK(seen.back() <= 4, seen.back());
}

TEST(tick_stops_a_long_training) {
  const Problem<float> problem({1, 4, 1}, 20, 1, 5);
  for (const Index threads : {1, 2}) {
    Index called = 0, last = 0;
    const OnlineOptions forever = options(Index(1) << 40, 1);
    const auto trained = train(problem, forever, false, {threads, [&](Index done) {
                                                           last = done;
                                                           return ++called < 2;
                                                         }});
    CHECK(!trained.whole, threads);
    CHECK(called == 2, threads, called);
    CHECK(last > 0, threads, last);
    CHECK(trained.outcomes[0].diverged == -1, trained.outcomes[0].diverged);
  }
}

TEST(training_does_not_depend_on_threads_or_neighbours) {
  constexpr Index networks = 17;
  const OnlineOptions how = options(20, 3);
  on_every_instruction_set([&](const std::string& name) {
    for (const Index H : {4, 5, 33}) {
      const Problem<float> problem({2, H, 1}, 10, 9, networks);
      const auto expected = train(problem, how);
      for (const Index threads : {2, 3, 30}) {
        const auto trained = train(problem, how, true, {threads, {}});
        CHECK(same_bits(trained.parameters, expected.parameters), name, H, threads);
        CHECK(same_bits(trained.losses, expected.losses), name, H, threads);
      }
      Problem<float> together = problem;
      together.parameters = expected.parameters;
      for (const Index n : {0, 3, 16}) {
        const auto alone = train(problem.alone(n), how);
        CHECK(same_bits(alone.parameters, together.alone(n).parameters), name, H, n);
      }
    }
  });
}

TEST(running_does_not_depend_on_threads_or_neighbours) {
  Problem<float> start({2, 5, 2}, 10, 9, 17), whole = start;
  const auto expected = run(whole);
  for (const Index threads : {2, 3}) {
    Problem<float> again = start;
    CHECK(same_bits(run(again, threads), expected), threads);
    CHECK(same_bits(again.h, whole.h) && same_bits(again.c, whole.c), threads);
  }
  for (const Index n : {0, 3, 16}) {
    Problem<float> one = start.alone(n);
    const auto outputs = run(one);
    CHECK(same_bits(outputs, std::vector<float>(expected.begin() + n * 20, expected.begin() + (n + 1) * 20)), n);
    CHECK(same_bits(one.h, whole.alone(n).h) && same_bits(one.c, whole.alone(n).c), n);
  }
}

TEST(networks_may_share_a_sequence) {
  const Problem<float> problem({1, 4, 1}, 10, 9, 3);
  Problem<float> shared = problem;
  shared.numbers = {2, 2, 2};
  const auto trained = train(shared, options(5, 2));
  Problem<float> first = problem.alone(0);
  first.x = problem.alone(2).x;
  first.y = problem.alone(2).y;
  const auto alone = train(first, options(5, 2));
  CHECK(std::equal(alone.parameters.begin(), alone.parameters.end(), trained.parameters.begin()));
}

TEST(unknown_instruction_set_is_refused_by_name) {
  const auto before = statecast::instruction_set();
  std::string message;
  try {
    statecast::use_instruction_set("sse9");
  } catch (const std::invalid_argument& error) {
    message = error.what();
  }
  CHECK(message.find("sse9") != message.npos && message.find("portable") != message.npos, message);
  CHECK(statecast::instruction_set() == before, statecast::instruction_set());
}
