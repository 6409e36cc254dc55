// Many networks over threads, and the choice of the instruction set.
#include "core.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
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
  targets.push_back(&kBaseline);
#endif
  targets.push_back(&kPortable);
  return targets;
}

const Target* active = supported().front();

}  // namespace

template <>
const Kernels<float>& kernels() {
  return active->of_float;
}

template <>
const Kernels<double>& kernels() {
  return active->of_double;
}

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

namespace {

constexpr Index kFewest = 4;     // networks that are worth lanes
constexpr Index kMostUnits = 8;  // with more, one network fills the registers

// Networks first .. first + count, trained side by side where that pays off.
struct Group {
  Index first, count;
};

template <class T>
Rows rows_of(const Sequences<T>& sequences, const Targets<T>& targets, Index network) {
  const std::int64_t s = sequences.of_network[network], all = sequences.offsets[s + 1] - sequences.offsets[s];
  const std::int64_t held_out = targets.held_out == nullptr ? 0 : targets.held_out[s];
  return {all - held_out, held_out};
}

template <class T>
std::vector<Group> groups_of(const Shape& shape, Index networks, const Sequences<T>& sequences,
                             const Targets<T>& targets) {
  const bool small = shape.layers == 1 && !shape.skip && shape.units <= kMostUnits && targets.weights == nullptr;
  const auto alike = [&](Index n, Index other) {
    const Rows a = rows_of(sequences, targets, n), b = rows_of(sequences, targets, other);
    return a.learnt == b.learnt && a.held_out == b.held_out;
  };
  std::vector<Group> groups;
  for (Index n = 0; n < networks;) {
    Index count = 1;
    while (small && n + count < networks && count < kernels<T>().lanes && alike(n, n + count)) ++count;
    if (count < kFewest) count = 1;
    groups.push_back({n, count});
    n += count;
  }
  return groups;
}

}  // namespace

template <class T>
bool train_online(const Shape& shape, Index networks, T* parameters, const Sequences<T>& sequences,
                  const Targets<T>& targets, const OnlineOptions& options, const OnlineResults& results,
                  const Running& running) {
  const auto groups = groups_of<T>(shape, networks, sequences, targets);
  const Index Y = shape.outputs / options.loss.outputs_per_target(), kept = results.every_epoch ? options.epochs : 1;
  const auto at = [](auto* array, Index place) { return array == nullptr ? nullptr : array + place; };
  return for_each(Index(groups.size()), running, [&](Index g, const auto& stop, auto& done) {
    const auto [first, count] = groups[std::size_t(g)];
    std::vector<Pupil<T>> pupils;
    for (Index n = first; n < first + count; ++n) {
      const Index from = sequences.offsets[sequences.of_network[n]];
      pupils.push_back({parameters + n * shape.parameters(), sequences.x + from * shape.inputs, targets.y + from * Y,
                        at(targets.weights, from * Y), results.losses + n * kept, at(results.held_out_losses, n * kept),
                        results.outcomes + n});
    }
    kernels<T>().train(shape, options, pupils.data(), count, rows_of(sequences, targets, first), results.every_epoch,
                       stop, done);
  });
}

double Schedule::changing_rate(Index update, Index updates) const {
  const Index warm = std::min(warm_up, updates);
  if (update < warm) return highest * double(update + 1) / double(warm_up);
  if (!cosine) return highest;
  const double share = double(update - warm) / double(std::max<Index>(updates - warm - 1, 1));
  return floor + (highest - floor) * (1 + std::cos(std::numbers::pi * share)) / 2;
}

template <class T>
void run(const Shape& shape, Index networks, const T* parameters, const Sequences<T>& sequences, T* h, T* c, T* yhat,
         const std::int64_t* starts, const Running& running) {
  for_each(networks, running, [&](Index n, const std::atomic<bool>&, std::atomic<Index>&) {
    const std::int64_t s = sequences.of_network[n], from = sequences.offsets[s];
    kernels<T>().run(shape, parameters + n * shape.parameters(), sequences.x + from * shape.inputs,
                     sequences.offsets[s + 1] - from, h + n * shape.layers * shape.units,
                     c + n * shape.layers * shape.units, yhat + starts[n] * shape.outputs);
  });
}

template <class T>
T gradient(const Shape& shape, const T* parameters, const T* x, const T* y, Index rows, const T* h, const T* c,
           T* gradient) {
  return kernels<T>().gradient(shape, parameters, x, y, rows, h, c, gradient);
}

template <class T>
Stepper<T>::Stepper(const Shape& shape, const T* parameters, const T* h, const T* c)
    : network_(kernels<T>().make_stepper(shape)) {
  network_->start(parameters, h, c);
}

template <class T>
Stepper<T>::~Stepper() = default;

template <class T>
void Stepper<T>::step(const T* x, T* yhat) {
  network_->step(x, yhat);
}

template <class T>
void Stepper<T>::state(T* h, T* c) const {
  network_->state(h, c);
}

#define STATECAST_INSTANTIATE(T)                                                                                       \
  template class Stepper<T>;                                                                                           \
  template bool train_online(const Shape&, Index, T*, const Sequences<T>&, const Targets<T>&, const OnlineOptions&,    \
                             const OnlineResults&, const Running&);                                                    \
  template void run(const Shape&, Index, const T*, const Sequences<T>&, T*, T*, T*, const std::int64_t*,               \
                    const Running&);                                                                                   \
  template T gradient(const Shape&, const T*, const T*, const T*, Index, const T*, const T*, T*);
STATECAST_INSTANTIATE(float)
STATECAST_INSTANTIATE(double)

}  // namespace statecast
