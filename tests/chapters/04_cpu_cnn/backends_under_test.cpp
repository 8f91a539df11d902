#include "tests/chapters/04_cpu_cnn/backends_under_test.hpp"

#include <cctype>

#include "chapters/04_cpu_cnn/cpu_backend.hpp"

namespace cnn::test {

std::vector<BackendUnderTest> backends_under_test() {
  std::vector<BackendUnderTest> all;
  for (const auto method :
       {ConvolutionMethod::kDirect, ConvolutionMethod::kImplicitGemm,
        ConvolutionMethod::kIm2col, ConvolutionMethod::kLoops}) {
    BackendUnderTest one;
    one.name = "Cpu_";
    for (const char letter : name_of(method)) {
      one.name +=
          std::isalnum(static_cast<unsigned char>(letter)) != 0 ? letter : '_';
    }
    one.make = [method] { return make_cpu_backend(2, method); };
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace cnn::test
