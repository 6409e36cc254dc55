// Runs all tests, or those whose names contain one of the arguments. Returns 1 where a check failed.
#include <algorithm>
#include <exception>
#include <string_view>

#include "check.h"

int main(int count, char** arguments) {
  const std::vector<std::string_view> wanted(arguments + 1, arguments + count);
  int ran = 0;
  for (const check::Case& test : check::cases()) {
    const auto matches = [&](std::string_view part) { return std::string_view(test.name).find(part) != part.npos; };
    if (!wanted.empty() && std::none_of(wanted.begin(), wanted.end(), matches)) continue;
    const int before = check::failures();
    try {
      test.body();
    } catch (const std::exception& error) {
      CHECK(false, test.name, error.what());
    }
    std::cout << (check::failures() == before ? "ok      " : "FAILED  ") << test.name << std::endl;
    ++ran;
  }
  std::cout << ran << " tests, " << check::failures() << " failed checks\n";
  return ran == 0 || check::failures() > 0 ? 1 : 0;
}
