# course_simt(TARGET a.cu b.cpp ... [TRACED])
#
# Adds sources to a target, compiled for the emulator of common/simt instead of
# by nvcc: kernels run on the CPU. Everything in the target, and what links it,
# is then compiled for the emulator (COURSE_SIMT), so give it a target of its
# own: chapter_05_simt beside chapter_05.
#
# TRACED: with hooks at every memory access of the .cu files, for the microscope
# and the search for races. Slower, on one CPU thread, and only by g++ without
# AddressSanitizer: clang copies a float4 without telling the hooks.
# COURSE_HAS_SIMT_TRACE says whether it can be had.
#
# Sets COURSE_HAS_SIMT; without Boost.Context there is no emulator.
find_package(Boost 1.71 QUIET COMPONENTS context)
set(COURSE_HAS_SIMT ${Boost_CONTEXT_FOUND})
set(COURSE_SIMT_SANITIZED OFF)
if("${CMAKE_CXX_FLAGS}" MATCHES "-fsanitize")
  set(COURSE_SIMT_SANITIZED ON)
endif()
set(COURSE_HAS_SIMT_TRACE OFF)
if(COURSE_HAS_SIMT AND NOT COURSE_SIMT_SANITIZED AND
   CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(COURSE_HAS_SIMT_TRACE ON)
endif()
if(NOT COURSE_HAS_SIMT)
  message(STATUS "Boost.Context was not found: kernels are not emulated "
                 "(libboost-context-dev)")
endif()

function(course_simt target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TRACED" "" "")
  # Indices outside of an array, __shared__ ones above all, are reported.
  set(clang "$<CXX_COMPILER_ID:Clang>")
  set(options -Wno-unknown-pragmas
    "-fsanitize=$<IF:${clang},array-bounds,bounds>")
  if(arg_TRACED)
    if(NOT COURSE_HAS_SIMT_TRACE)
      message(FATAL_ERROR "${target}: traced kernels need g++, and no sanitizers")
    endif()
    # Little optimisation, blocks in the order of the source: a warp's lanes
    # are put together by the order of their instructions. Debug information of
    # version 4, because addr2line sometimes takes lines of an included file in
    # version 5 for the including one's.
    list(APPEND options -gdwarf-4 -O1 -fsanitize=thread
      -fsanitize-coverage=trace-pc -fno-reorder-blocks)
    target_link_libraries(${target} PRIVATE simt_hooks)
    # A float4 is one access: no scalar replacement of its members.
    list(APPEND options -fno-tree-sra)
  endif()
  # CMake would hand a .cu to nvcc, where there is one; a .cpp that includes it
  # goes to the host compiler, and line numbers stay those of the .cu.
  foreach(source IN LISTS arg_UNPARSED_ARGUMENTS)
    if(source MATCHES "\\.cu$")
      get_filename_component(kernels "${source}" ABSOLUTE)
      get_filename_component(name "${source}" NAME)
      set(wrapper "${CMAKE_CURRENT_BINARY_DIR}/simt/${target}/${name}.cpp")
      file(CONFIGURE OUTPUT "${wrapper}" CONTENT "#include \"@kernels@\"\n" @ONLY)
      set_source_files_properties("${wrapper}" PROPERTIES
        COMPILE_OPTIONS "${options}" OBJECT_DEPENDS "${kernels}")
      set(source "${wrapper}")
    endif()
    target_sources(${target} PRIVATE "${source}")
  endforeach()
  target_link_libraries(${target} PUBLIC simt)
endfunction()
