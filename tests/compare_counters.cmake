# Counts anew and compares with what was recorded; course_counters() in
# CMakeLists.txt says with what.
execute_process(COMMAND "${PROGRAM}" --json "${TODAY}"
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${PYTHON}" -B "${COMPARE}" "${TODAY}" --check "${RECORDED}"
  RESULT_VARIABLE differs)
if(differs)
  message(FATAL_ERROR "To record it again, without a GPU:\n"
    "  ${PROGRAM} --json ${TODAY}\n"
    "  ${COMPARE} ${TODAY} --output ${RECORDED}")
endif()
