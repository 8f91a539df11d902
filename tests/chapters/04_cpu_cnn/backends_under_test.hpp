/// @file
/// The tests test_backend_*.cpp are a contract that every backend keeps. Each
/// test program says which backends it holds to it.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/backend.hpp"

namespace cnn::test {

/// A backend, how it is made, and what to know about it.
struct BackendUnderTest {
  std::string name;     ///< letters and digits: becomes part of a test's name
  std::string why_not;  ///< why it cannot be made here; empty where it can
  std::function<std::unique_ptr<Backend>()> make;
  bool slow = false;          ///< give it less to do
  bool float32_sums = false;  ///< sums over channels: float32 from end to end
};

/// Defined once in each test program.
std::vector<BackendUnderTest> backends_under_test();

/// For GoogleTest's messages.
// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's name
inline void PrintTo(const BackendUnderTest& under_test, std::ostream* stream) {
  *stream << under_test.name;
}

/// For GoogleTest's names of tests.
inline std::string name_of_test(
    const testing::TestParamInfo<BackendUnderTest>& info) {
  return info.param.name;
}

/// A test of one backend; skipped, with the reason, where there is none.
class BackendTest : public testing::TestWithParam<BackendUnderTest> {
 protected:
  void SetUp() override {
    if (!GetParam().why_not.empty()) GTEST_SKIP() << GetParam().why_not;
    subject = GetParam().make();
  }

  std::unique_ptr<Backend> subject;  ///< the backend
};

}  // namespace cnn::test
