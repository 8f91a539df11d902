# All kernels under the microscope, which also looks for races; what they are
# counted for; and the traces that the pages draw from.
if(COURSE_HAS_SIMT_TRACE)
  add_test(NAME 06_microscope COMMAND 06_microscope)
  foreach(exhibit naive coalesced tiled padded)
    course_trace(06_microscope ${exhibit} --first-warp)
  endforeach()
  course_trace(06_microscope tiny_tiles)
endif()
