# All kernels under the microscope, which also looks for races; what they are
# counted for; and the counts and traces that the pages draw from.
if(COURSE_HAS_SIMT_TRACE)
  course_counters(06_microscope h200/06)
  foreach(exhibit naive coalesced tiled padded)
    course_trace(06_microscope ${exhibit} --first-warp)
  endforeach()
  course_trace(06_microscope tiny_tiles)

  # As course_microscope() puts it together.
  set(chapter "${CMAKE_SOURCE_DIR}/chapters/06_tiled_cuda_adam")
  course_test(test_tiled_exhibits
    SOURCES test_exhibits.cpp "${chapter}/exhibits.cpp"
            "${chapter}/product_exhibits.cpp"
            "${chapter}/convolution_exhibits.cpp"
            "${chapter}/../05_naive_cuda/exhibits.cpp"
            $<TARGET_OBJECTS:chapter_06_traced> $<TARGET_OBJECTS:simt_hooks>
    LIBRARIES chapter_06)
  target_link_libraries(test_tiled_exhibits PRIVATE $<LINK_ONLY:simt>)
endif()
