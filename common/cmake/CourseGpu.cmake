# course_gpu(NN SOURCES a.cu ... [USES chapter_04 ...] [AFTER 05 ...])
#
# Compiles the kernels of chapter NN, and the host code that launches them, for
# every world that this machine can build for:
#   chapter_NN_gpu     by nvcc, for GPUs
#   chapter_NN_simt    for the emulator of common/simt
#   chapter_NN_traced  for the emulator, with the microscope's hooks
# and links the first two to chapter_NN, which must exist. Every file keeps to
# `inline namespace CNN_GPU`, so that a program may hold both.
#
# AFTER names chapters whose kernels this one's build on, each in its world.
#
# A program that wants the third links it in front of chapter_NN: its objects
# are all there before the linker looks into chapter_NN_simt for the same names.
#
# Tells chapter_NN what it got: COURSE_HAS_CUDA (from common), COURSE_HAS_SIMT.
function(course_gpu number)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;AFTER")

  if(COURSE_HAS_CUDA)
    add_library(chapter_${number}_gpu STATIC ${arg_SOURCES})
    target_link_libraries(chapter_${number}_gpu
      PUBLIC ${arg_USES} common course_flags)
    foreach(earlier IN LISTS arg_AFTER)
      target_link_libraries(chapter_${number}_gpu PUBLIC chapter_${earlier}_gpu)
    endforeach()
    target_link_libraries(chapter_${number} PRIVATE chapter_${number}_gpu)
  endif()
  if(COURSE_HAS_SIMT)
    add_library(chapter_${number}_simt STATIC)
    course_simt(chapter_${number}_simt ${arg_SOURCES})
    course_precompile(chapter_${number}_simt)
    target_link_libraries(chapter_${number}_simt
      PUBLIC ${arg_USES} common course_flags)
    foreach(earlier IN LISTS arg_AFTER)
      target_link_libraries(chapter_${number}_simt
        PUBLIC chapter_${earlier}_simt)
    endforeach()
    # Linked only: the chapter's other sources are in neither world.
    target_link_libraries(chapter_${number} PRIVATE
      $<LINK_ONLY:chapter_${number}_simt>)
    target_compile_definitions(chapter_${number} PRIVATE COURSE_HAS_SIMT=1)
  endif()
  if(COURSE_HAS_SIMT_TRACE)
    add_library(chapter_${number}_traced OBJECT EXCLUDE_FROM_ALL)
    course_simt(chapter_${number}_traced TRACED ${arg_SOURCES})
    target_link_libraries(chapter_${number}_traced
      PUBLIC ${arg_USES} common course_flags)
  endif()
endfunction()

# course_microscope(NN SOURCES microscope.cpp exhibits.cpp ...)
#
# NN_microscope: the chapter's kernels in small launches under the memory
# microscope (./course microscope NN), or one after the other on a GPU, for a
# profiler to count the same things.
function(course_microscope number)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES")
  if(COURSE_HAS_SIMT_TRACE)
    add_executable(${number}_microscope ${arg_SOURCES}
      $<TARGET_OBJECTS:chapter_${number}_traced> $<TARGET_OBJECTS:simt_hooks>)
    # Not told of COURSE_SIMT: its own sources may speak of both worlds.
    target_link_libraries(${number}_microscope PRIVATE
      chapter_${number} $<LINK_ONLY:simt>)
  endif()
endfunction()
