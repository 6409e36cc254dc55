// A few lines of test framework: TEST(name) { ... } registers a test, CHECK(condition, values...) counts a failure and
// prints where it stands and the values.
#pragma once

#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace check {

struct Case {
  const char* name;
  void (*body)();
};

inline std::vector<Case>& cases() {
  static std::vector<Case> all;
  return all;
}

inline int& failures() {
  static int count = 0;
  return count;
}

inline bool add(const char* name, void (*body)()) {
  cases().push_back({name, body});
  return true;
}

template <class... Values>
void fail(const char* file, int line, const char* condition, const char* names, const Values&... values) {
  if (++failures() > 100) return;  // the first hundred are enough
  std::ostringstream text;
  text.precision(17);
  text << file << ':' << line << ": not true: " << condition;
  if (sizeof...(values) > 0) text << "\n  " << names << " =";
  ((text << ' ' << values), ...);
  std::cerr << text.str() << '\n';
}

}  // namespace check

#define TEST(name)                                                                                                     \
  static void name();                                                                                                  \
  static const bool name##_is_registered = check::add(#name, name);                                                    \
  static void name()

#define CHECK(condition, ...)                                                                                          \
  do {                                                                                                                 \
    if (!(condition)) check::fail(__FILE__, __LINE__, #condition, #__VA_ARGS__ __VA_OPT__(, ) __VA_ARGS__);            \
  } while (false)
