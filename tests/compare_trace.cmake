# Records a trace anew and compares it with the recorded one; course_trace() in
# CMakeLists.txt says with what.
separate_arguments(FLAGS)
execute_process(COMMAND "${PROGRAM}" "${EXHIBIT}" --trace "${TODAY}" ${FLAGS}
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${CMAKE_COMMAND}" -E compare_files "${TODAY}" "${RECORDED}"
  RESULT_VARIABLE differs)
if(differs)
  message(FATAL_ERROR "The trace in ${RECORDED} is not what the kernel does "
    "today. If the kernel is right, record it again:\n"
    "  ${PROGRAM} ${EXHIBIT} --trace ${RECORDED} ${FLAGS}")
endif()
file(SIZE "${RECORDED}" size)
if(size GREATER 50000)
  message(FATAL_ERROR "${RECORDED} is too large for a page: ${size} bytes")
endif()
