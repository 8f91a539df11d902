# One source, three builds: by nvcc, for the emulator, and traced.
course_test(test_convolution_plan
  SOURCES test_convolution_plan.cpp LIBRARIES chapter_06)
set(convolution_tests test_convolutions.cu test_broken_convolutions.cu
  test_winograd_errors.cu)
if(COURSE_HAS_CUDA)
  course_test(test_convolutions_cuda
    SOURCES ${convolution_tests} LIBRARIES chapter_06)
endif()
if(COURSE_HAS_SIMT)
  course_test(test_convolutions LIBRARIES chapter_06_simt)
  course_simt(test_convolutions ${convolution_tests})
endif()
if(COURSE_HAS_SIMT_TRACE)
  course_test(test_convolutions_traced LIBRARIES chapter_06_traced)
  course_simt(test_convolutions_traced TRACED test_traced_convolutions.cu)
endif()
