// Many networks over threads, and the choice of the instruction set.
#include "core.h"

#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "kernels.h"
#include "parallel.h"

namespace statecast {
namespace {

std::vector<const Target*> supported() {
  std::vector<const Target*> targets;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq"))
    targets.push_back(&kAvx512);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) targets.push_back(&kAvx2);
#endif
  targets.push_back(&kBaseline);
  return targets;
}

const Target* active = supported().front();

template <class T>
const Kernels<T>& kernels() {
  if constexpr (sizeof(T) == sizeof(float)) {
    return active->of_float;
  } else {
    return active->of_double;
  }
}

}  // namespace

std::vector<std::string> instruction_sets() {
  std::vector<std::string> names;
  for (const Target* target : supported()) names.emplace_back(target->name);
  return names;
}

std::string instruction_set() { return active->name; }

void use_instruction_set(const std::string& name) {
  std::string known;
  for (const Target* target : supported()) {
    if (name == target->name) {
      active = target;
      return;
    }
    known += std::string(known.empty() ? "" : ", ") + target->name;
  }
  throw std::invalid_argument("STATECAST_ISA: expected one of " + known + ", got '" + name + "'");
}

template <class T>
TrainOutcome train_online(const Shape& shape, Index networks, T* parameters, const Sequences<T>& sequences,
                          const OnlineOptions& options, double* losses, bool every_epoch, const Running& running) {
  std::vector<Index> diverged(networks, -1);
  TrainOutcome outcome;
  outcome.stopped = !for_each(networks, running, [&](Index n, const std::atomic<bool>& stop, std::atomic<Index>& done) {
    const std::int64_t s = sequences.of_network[n], from = sequences.offsets[s];
    diverged[n] =
        kernels<T>().train(shape, options, parameters + n * shape.parameters(), sequences.x + from * shape.inputs,
                           sequences.y + from * shape.outputs, sequences.offsets[s + 1] - from,
                           losses + n * (every_epoch ? options.epochs : 1), every_epoch, stop, done);
  });
  for (Index n = networks - 1; n >= 0; --n) {
    if (diverged[n] < 0) continue;
    outcome.diverged_network = n;
    outcome.diverged_epoch = diverged[n];
  }
  return outcome;
}

template <class T>
void run(const Shape& shape, Index networks, const T* parameters, const Sequences<T>& sequences, T* h, T* c, T* yhat,
         const std::int64_t* starts, const Running& running) {
  for_each(networks, running, [&](Index n, const std::atomic<bool>&, std::atomic<Index>&) {
    const std::int64_t s = sequences.of_network[n], from = sequences.offsets[s];
    kernels<T>().run(shape, parameters + n * shape.parameters(), sequences.x + from * shape.inputs,
                     sequences.offsets[s + 1] - from, h + n * shape.units, c + n * shape.units,
                     yhat + starts[n] * shape.outputs);
  });
}

template <class T>
T gradient(const Shape& shape, const T* parameters, const T* x, const T* y, Index rows, const T* h, const T* c,
           T* gradient) {
  return kernels<T>().gradient(shape, parameters, x, y, rows, h, c, gradient);
}

#define STATECAST_INSTANTIATE(T)                                                                                       \
  template TrainOutcome train_online(const Shape&, Index, T*, const Sequences<T>&, const OnlineOptions&, double*,      \
                                     bool, const Running&);                                                            \
  template void run(const Shape&, Index, const T*, const Sequences<T>&, T*, T*, T*, const std::int64_t*,               \
                    const Running&);                                                                                   \
  template T gradient(const Shape&, const T*, const T*, const T*, Index, const T*, const T*, T*);
STATECAST_INSTANTIATE(float)
STATECAST_INSTANTIATE(double)

}  // namespace statecast
