# Sums and what goes element by element: in both worlds, and counted.
if(COURSE_HAS_CUDA)
  course_test(test_reductions_cuda
    SOURCES test_reductions.cu LIBRARIES chapter_06)
endif()
if(COURSE_HAS_SIMT)
  course_test(test_reductions LIBRARIES chapter_06_simt)
  course_simt(test_reductions test_reductions.cu)
endif()
if(COURSE_HAS_SIMT_TRACE)
  course_test(test_reductions_traced LIBRARIES chapter_06_traced)
  course_simt(test_reductions_traced TRACED test_traced_reductions.cu
    test_traced_launches.cu)
endif()
