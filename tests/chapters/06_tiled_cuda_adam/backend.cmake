# The contract of chapter 4, whole networks as in chapter 5, and what only this
# chapter's backend promises; on every device there is.
find_package(nlohmann_json REQUIRED)
course_test(test_chapter_06
  SOURCES ${BACKEND_CONTRACT} backends_under_test.cpp
          ../04_cpu_cnn/golden_run.cpp
          ../05_naive_cuda/test_golden_layers.cpp
          ../05_naive_cuda/test_training.cpp
          test_tiled_backend.cpp test_adam_training.cpp
  LIBRARIES chapter_06 nlohmann_json::nlohmann_json)
