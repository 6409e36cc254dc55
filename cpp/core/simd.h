// Short vectors of T, the same source for every instruction set.
//
// A Vec<T, W> is W numbers in as many of the target's registers as they need (STATECAST_REGISTER bytes each, GCC's and
// Clang's vector types). A target that has a fused multiply-add defines STATECAST_FMA; the others round twice. One that
// may use x86's own functions defines STATECAST_X86; the portable one does without.
// Contraction by the compiler is off, so that the order and rounding of every operation is what the source says.
#pragma once

#include <cmath>
#ifdef STATECAST_X86
#include <immintrin.h>
#endif

#include "shape.h"

// For what must disappear into its caller, so that sizes known there unroll its loops.
#define STATECAST_INLINE [[gnu::always_inline]] inline

namespace statecast::STATECAST_TARGET {

template <class T, int W>
struct Vec {
  static constexpr int kLanes = W < int(STATECAST_REGISTER / sizeof(T)) ? W : int(STATECAST_REGISTER / sizeof(T));
  static constexpr int kParts = W / kLanes;
  typedef T Part __attribute__((vector_size(kLanes * sizeof(T))));

  Part part[kParts];
};

// r.part[k] = operation(k) for every part.
template <class V, class Operation>
STATECAST_INLINE V each_part(Operation operation) {
  V r;
#pragma GCC unroll 16
  for (int k = 0; k < V::kParts; ++k) r.part[k] = operation(k);
  return r;
}

// Part by part: copied as a whole, it would go through memory in smaller pieces.
template <int W, class T>
STATECAST_INLINE Vec<T, W> load(const T* from) {
  using V = Vec<T, W>;
  return each_part<V>([&](int k) {
    typename V::Part p;
    __builtin_memcpy(&p, from + k * V::kLanes, sizeof p);
    return p;
  });
}

template <class T, int W>
STATECAST_INLINE void store(T* to, Vec<T, W> v) {
#pragma GCC unroll 16
  for (int k = 0; k < v.kParts; ++k) __builtin_memcpy(to + k * v.kLanes, &v.part[k], sizeof v.part[k]);
}

template <int W, class T>
STATECAST_INLINE Vec<T, W> fill(T value) {
  using V = Vec<T, W>;
  return each_part<V>([&](int) { return value - typename V::Part{}; });
}

template <class T, int W>
STATECAST_INLINE Vec<T, W> operator+(Vec<T, W> a, Vec<T, W> b) {
  return each_part<Vec<T, W>>([&](int k) { return a.part[k] + b.part[k]; });
}

template <class T, int W>
STATECAST_INLINE Vec<T, W> operator-(Vec<T, W> a, Vec<T, W> b) {
  return each_part<Vec<T, W>>([&](int k) { return a.part[k] - b.part[k]; });
}

template <class T, int W>
STATECAST_INLINE Vec<T, W> operator*(Vec<T, W> a, Vec<T, W> b) {
  return each_part<Vec<T, W>>([&](int k) { return a.part[k] * b.part[k]; });
}

template <class T, int W>
STATECAST_INLINE Vec<T, W> operator/(Vec<T, W> a, Vec<T, W> b) {
  return each_part<Vec<T, W>>([&](int k) { return a.part[k] / b.part[k]; });
}

STATECAST_INLINE float fma_one(float a, float b, float c) {
#ifdef STATECAST_FMA
  return __builtin_fmaf(a, b, c);
#else
  return a * b + c;
#endif
}

STATECAST_INLINE double fma_one(double a, double b, double c) {
#ifdef STATECAST_FMA
  return __builtin_fma(a, b, c);
#else
  return a * b + c;
#endif
}

// One register: GCC 12 does not turn a loop of fma_one() into the instruction, so x86 is told.
template <class Part>
STATECAST_INLINE Part fma_part(Part a, Part b, Part c) {
#if !defined(STATECAST_FMA)
  return a * b + c;
#elif defined(STATECAST_X86)
  constexpr bool single = sizeof(a[0]) == sizeof(float);
  if constexpr (sizeof(Part) == 64 && single) return Part(_mm512_fmadd_ps(__m512(a), __m512(b), __m512(c)));
  if constexpr (sizeof(Part) == 64 && !single) return Part(_mm512_fmadd_pd(__m512d(a), __m512d(b), __m512d(c)));
  if constexpr (sizeof(Part) == 32 && single) return Part(_mm256_fmadd_ps(__m256(a), __m256(b), __m256(c)));
  if constexpr (sizeof(Part) == 32 && !single) return Part(_mm256_fmadd_pd(__m256d(a), __m256d(b), __m256d(c)));
  if constexpr (sizeof(Part) == 16 && single) return Part(_mm_fmadd_ps(__m128(a), __m128(b), __m128(c)));
  if constexpr (sizeof(Part) == 16 && !single) return Part(_mm_fmadd_pd(__m128d(a), __m128d(b), __m128d(c)));
#else
  Part r = c;
  for (unsigned l = 0; l < sizeof(Part) / sizeof(a[0]); ++l) r[l] = fma_one(a[l], b[l], c[l]);
  return r;
#endif
}

template <class Part>
STATECAST_INLINE Part sqrt_part(Part a) {
#ifdef STATECAST_X86
  constexpr bool single = sizeof(a[0]) == sizeof(float);
  if constexpr (sizeof(Part) == 64 && single) return Part(_mm512_maskz_sqrt_ps(0xFFFF, __m512(a)));
  if constexpr (sizeof(Part) == 64 && !single) return Part(_mm512_maskz_sqrt_pd(0xFF, __m512d(a)));
  if constexpr (sizeof(Part) == 32 && single) return Part(_mm256_sqrt_ps(__m256(a)));
  if constexpr (sizeof(Part) == 32 && !single) return Part(_mm256_sqrt_pd(__m256d(a)));
  if constexpr (sizeof(Part) == 16 && single) return Part(_mm_sqrt_ps(__m128(a)));
  if constexpr (sizeof(Part) == 16 && !single) return Part(_mm_sqrt_pd(__m128d(a)));
#else
  Part r = a;
  for (unsigned l = 0; l < sizeof(Part) / sizeof(a[0]); ++l) r[l] = std::sqrt(a[l]);
  return r;
#endif
}

// a * b + c
template <class T, int W>
STATECAST_INLINE Vec<T, W> fma(Vec<T, W> a, Vec<T, W> b, Vec<T, W> c) {
  return each_part<Vec<T, W>>([&](int k) { return fma_part(a.part[k], b.part[k], c.part[k]); });
}

template <class T, int W>
STATECAST_INLINE Vec<T, W> sqrt(Vec<T, W> a) {
  return each_part<Vec<T, W>>([&](int k) { return sqrt_part(a.part[k]); });
}

// Between -limit and limit; NaN stays NaN.
template <class T, int W>
STATECAST_INLINE Vec<T, W> clamp(Vec<T, W> a, T limit) {
  const auto high = fill<W>(limit), low = fill<W>(-limit);
  return each_part<Vec<T, W>>([&](int k) {
    const auto below = a.part[k] > high.part[k] ? high.part[k] : a.part[k];
    return below < low.part[k] ? low.part[k] : below;
  });
}

// Sum of the elements: halves are added until one is left.
template <class T, int W>
STATECAST_INLINE T sum(Vec<T, W> v) {
  T all[W];
  store(all, v);
  if constexpr (W == 1) {
    return all[0];
  } else {
    return sum(load<W / 2>(all) + load<W / 2>(all + W / 2));
  }
}

}  // namespace statecast::STATECAST_TARGET
