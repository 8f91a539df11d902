# course_warnings: what every target of ours is compiled with; course_flags: the
# same, for one processor. Interface libraries, so that third-party code
# (GoogleTest) is left alone.
add_library(course_warnings INTERFACE)
add_library(course_flags INTERFACE)
target_link_libraries(course_flags INTERFACE course_warnings)
target_include_directories(course_warnings INTERFACE "${CMAKE_SOURCE_DIR}")

set(warnings -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(COURSE_WARNINGS_AS_ERRORS)
  list(APPEND warnings -Werror)
endif()
target_compile_options(course_warnings INTERFACE "$<$<COMPILE_LANGUAGE:CXX>:${warnings}>")

# Release means -O3: at -O2, g++ 12 vectorises almost nothing.
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")
if(COURSE_MARCH)
  target_compile_options(course_flags INTERFACE
    "$<$<COMPILE_LANGUAGE:CXX>:-march=${COURSE_MARCH}>")
endif()

# course_precompile(TARGET [<header> ...])
#
# With COURSE_PRECOMPILE, a target of many files reads these and what nearly
# all of us include only once. A file that forgets an include compiles all the
# same, so this is for a build beside another one that tells: fuzz, beside
# strict. And for clang: what g++ 12 has precompiled, it warns about for nothing.
function(course_precompile target)
  if(COURSE_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${ARGN}
      <algorithm> <filesystem> <fmt/format.h> <functional> <memory> <span>
      <string>)
  endif()
endfunction()
