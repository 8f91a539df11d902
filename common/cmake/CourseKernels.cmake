# region course-kernels
# course_kernels(TARGET a.cpp ...)
#
# Compiles each source once for every instruction set that the processor family
# may have, with the macro CNN_ISA naming it (avx512, avx2, portable): the code
# for a processor is chosen when the program runs, not when it is built. Such a
# source includes no more than simd.hpp and plain headers: an inline function of
# a library, compiled here for AVX-512, might otherwise be the copy that the
# linker keeps for everybody.
function(course_kernels target)
  set(flags_portable "")
  set(sets portable)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    list(APPEND sets avx2 avx512)
    set(flags_portable -march=x86-64)
    set(flags_avx2 -march=x86-64-v3)
    set(flags_avx512 -march=x86-64-v4 -mprefer-vector-width=512)
  endif()
  foreach(set IN LISTS sets)
    add_library(${target}_${set} OBJECT ${ARGN})
    target_link_libraries(${target}_${set} PRIVATE course_warnings)
    target_compile_options(${target}_${set} PRIVATE ${flags_${set}})
    target_compile_definitions(${target}_${set} PRIVATE CNN_ISA=${set})
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:${target}_${set}>)
  endforeach()
endfunction()
# endregion
