/// @file
/// Small trainings by a patient backend, for tests.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "chapters/07_four_reports/patient_backend.hpp"
#include "chapters/07_four_reports/report_001_story.hpp"
#include "chapters/07_four_reports/timed_training.hpp"
#include "tests/chapters/04_cpu_cnn/training_fixture.hpp"

namespace cnn::test {

inline Experiment on_small_bars() {
  return {.id = "000/bars",
          .title = "bars",
          .data = "bars",
          .layers = "4C3p1-R-P2-D0.3-10",
          .schedule = {.rate = 0.01F},
          .batch = 16,
          .epochs = 3};
}

/// What comes of a few steps.
struct PatientOutcome {
  std::vector<std::uint32_t> bits;
  Traffic traffic;
  std::int64_t steps = 0;
};

/// Makes something of a backend that stands between it and the network.
using MakePatient =
    std::function<std::unique_ptr<PatientBackend>(const Place&)>;

inline PatientOutcome train_patiently(const std::string& where,
                                      const MakePatient& make) {
  const Place place(where, 1);
  const auto patient = make(place);
  const Dataset pictures = make_bars(80, 1);
  TimedTraining training(on_small_bars(), pictures, *patient, *patient, 3);
  patient->forget_traffic();
  training.run_stretch();
  const Traffic traffic = patient->traffic();
  return {bits_of(training.weights().parameters), traffic,
          training.last_steps()};
}

inline PatientOutcome train_patiently(const std::string& where,
                                      const Habits& habits) {
  return train_patiently(where, [&](const Place& place) {
    return std::make_unique<PatientBackend>(place.backend(), place.adam(),
                                            habits, memory_of(where));
  });
}

}  // namespace cnn::test
