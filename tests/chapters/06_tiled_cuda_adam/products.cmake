# One source, three builds: by nvcc, for the emulator, and traced.
set(product_tests test_products.cu)
if(COURSE_HAS_CUDA)
  course_test(test_products_cuda SOURCES ${product_tests} LIBRARIES chapter_06)
endif()
if(COURSE_HAS_SIMT)
  course_test(test_products LIBRARIES chapter_06_simt)
  course_simt(test_products ${product_tests})
endif()
if(COURSE_HAS_SIMT_TRACE)
  course_test(test_products_traced LIBRARIES chapter_06_traced)
  course_simt(test_products_traced TRACED
    test_product_counts.cu test_broken_products.cu)
endif()
