// Chapter 4's contract, kept by a backend with all habits.
#include "chapters/07_four_reports/patient_backend.hpp"
#include "chapters/07_four_reports/place.hpp"
#include "chapters/07_four_reports/report_001_story.hpp"
#include "tests/chapters/04_cpu_cnn/backends_under_test.hpp"

namespace cnn::test {
namespace {

/// The place first: it is there before what stands in front of it.
struct Housed {
  Place place{"cpu", 2};
};

class PatientCpu : private Housed, public PatientBackend {
 public:
  PatientCpu()
      : PatientBackend(place.backend(), place.adam(),
                       {.waits = true,
                        .reads_loss = true,
                        .sends_pictures = true,
                        .borrows = 100},
                       memory_of("cpu")) {}
};

}  // namespace

std::vector<BackendUnderTest> backends_under_test() {
  return {{.name = "PatientCpu", .why_not = {}, .make = [] {
             return std::make_unique<PatientCpu>();
           }}};
}

}  // namespace cnn::test
