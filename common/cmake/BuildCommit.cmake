# Run at every build (cmake -P): writes OUTPUT, a header with the commit that
# SOURCE_DIR is at, but touches the file only when something changed.
# COMMIT, when not empty, is believed: for sources that come without git.
set(modified false)
if(NOT COMMIT)
  set(COMMIT unknown)
  # A folder inside someone else's repository would get the wrong commit.
  execute_process(COMMAND git rev-parse --show-toplevel
    WORKING_DIRECTORY "${SOURCE_DIR}" OUTPUT_VARIABLE top RESULT_VARIABLE failed
    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  file(REAL_PATH "${SOURCE_DIR}" here)
  if(NOT failed AND top STREQUAL here)
    execute_process(COMMAND git rev-parse --short=12 HEAD
      WORKING_DIRECTORY "${SOURCE_DIR}" OUTPUT_VARIABLE head RESULT_VARIABLE failed
      OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    execute_process(COMMAND git status --porcelain --untracked-files=no
      WORKING_DIRECTORY "${SOURCE_DIR}" OUTPUT_VARIABLE changes ERROR_QUIET)
    if(NOT failed)
      set(COMMIT "${head}")
      if(changes)
        set(modified true)
      endif()
    endif()
  endif()
endif()

set(content "#pragma once
inline constexpr const char* kBuildCommit = \"${COMMIT}\";
inline constexpr bool kBuildModified = ${modified};
")
set(previous "")
if(EXISTS "${OUTPUT}")
  file(READ "${OUTPUT}" previous)
endif()
if(NOT content STREQUAL previous)
  file(WRITE "${OUTPUT}" "${content}")
endif()
