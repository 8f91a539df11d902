# Report 001: a backend with habits keeps chapter 4's contract, too.
course_test(test_patient_backend
  SOURCES ${BACKEND_CONTRACT} patient_backends_under_test.cpp
          test_patient_backend.cpp test_cpu_use.cpp test_columns_bench.cpp
  LIBRARIES chapter_07)

# One source, two builds: by nvcc, and for the emulator.
if(COURSE_HAS_CUDA)
  course_test(test_columns_cuda SOURCES test_columns.cu LIBRARIES chapter_07_gpu)
endif()
if(COURSE_HAS_SIMT)
  course_test(test_columns LIBRARIES chapter_07_simt)
  course_simt(test_columns test_columns.cu)
endif()
