// What a test of a broken kernel looks at.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "common/simt/fault.hpp"

namespace cnn::simt {

/// The fault that `launches` ends with; fails the test without one.
inline Fault fault_of(const std::function<void()>& launches) {
  try {
    launches();
  } catch (const KernelFault& fault) {
    return fault.fault();
  }
  ADD_FAILURE() << "nothing was found wrong";
  return {};
}

/// The text names all of these.
inline void expect_words(const Fault& fault,
                         std::initializer_list<const char*> words) {
  for (const char* word : words) {
    EXPECT_NE(fault.text.find(word), std::string::npos)
        << "\"" << word << "\" is missing in: " << fault.text;
  }
}

}  // namespace cnn::simt
