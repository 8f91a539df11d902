# course_exercise(FOLDER)
#
# FOLDER is chapters/NN_name/exercises/SLUG with exercise.hpp, skeleton.cpp,
# solution.cpp and test.cpp. Builds the test against the skeleton and against
# the solution, and has CTest prove what is said of both. When the reader has
# begun the exercise (exercises/NN/SLUG.cpp at the root), the target
# check_NN_SLUG builds the test against their file; it is not part of "all",
# so that half-written work breaks no build.
#
# Where the folder has skeleton.cu and solution.cu instead, the exercise is a
# kernel. It is built for the emulator, traced where that is possible, and for
# GPUs where there is nvcc: the solutions of a chapter in one program,
# exercises_NN_gpu, and the reader's file as check_NN_SLUG_gpu.
set(COURSE_EXERCISE_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}")

# What kernels can be built for, as check.py wants to know it.
set(kernel_worlds "")
if(COURSE_HAS_SIMT_TRACE)
  string(APPEND kernel_worlds "traced\n")
elseif(COURSE_HAS_SIMT)
  string(APPEND kernel_worlds "emulated\n")
endif()
if(COURSE_HAS_CUDA)
  string(APPEND kernel_worlds "gpu\n")
endif()
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/kernel-worlds.txt"
     CONTENT "${kernel_worlds}")

function(course_exercise folder)
  cmake_path(GET folder FILENAME slug)
  string(REGEX MATCH "/chapters/([0-9][0-9])_" _ "${folder}")
  set(number "${CMAKE_MATCH_1}")
  set(name "exercise_${number}_${slug}")
  if(EXISTS "${folder}/skeleton.cu")
    _course_kernel_exercise("${folder}" ${number} ${slug} ${name})
    return()
  endif()

  add_library(${name}_test OBJECT EXCLUDE_FROM_ALL "${folder}/test.cpp")
  _course_exercise_uses(${name}_test chapter_${number})

  # That a skeleton fails is no news to the fuzzers' build, which is slow.
  set(variants solution)
  if(NOT COURSE_FUZZ)
    list(APPEND variants skeleton)
  endif()
  foreach(variant IN LISTS variants)
    add_executable(${name}_${variant} "${folder}/${variant}.cpp")
    _course_exercise_uses(${name}_${variant} chapter_${number} ${name}_test)
  endforeach()

  set(own "${CMAKE_SOURCE_DIR}/exercises/${number}/${slug}.cpp")
  if(EXISTS "${own}")
    add_executable(check_${number}_${slug} EXCLUDE_FROM_ALL "${own}")
    target_include_directories(check_${number}_${slug} PRIVATE "${folder}")
    _course_exercise_uses(check_${number}_${slug}
      chapter_${number} ${name}_test)
  endif()

  _course_prove_exercise("${folder}" ${number} ${slug} ${name} cpp)
  if(NOT COURSE_FUZZ)
    _course_prove_skeleton(${number} ${slug} ${name})
  endif()
endfunction()

function(_course_kernel_exercise folder number slug name)
  set(own "${CMAKE_SOURCE_DIR}/exercises/${number}/${slug}.cu")
  set(check check_${number}_${slug})

  if(COURSE_HAS_SIMT)
    set(traced "")
    if(COURSE_HAS_SIMT_TRACE)
      set(traced TRACED)
    endif()
    add_library(${name}_test OBJECT EXCLUDE_FROM_ALL "${folder}/test.cpp")
    _course_exercise_uses(${name}_test simt)
    # Without a trace some broken kernels get away, as they would on a GPU: the
    # skeleton then proves nothing.
    set(variants solution)
    if(traced)
      list(APPEND variants skeleton)
    endif()
    foreach(variant IN LISTS variants)
      add_executable(${name}_${variant})
      course_simt(${name}_${variant} "${folder}/${variant}.cu" ${traced})
      _course_exercise_uses(${name}_${variant} ${name}_test)
    endforeach()
    if(EXISTS "${own}")
      add_executable(${check} EXCLUDE_FROM_ALL)
      course_simt(${check} "${own}" ${traced})
      target_include_directories(${check} PRIVATE "${folder}")
      _course_exercise_uses(${check} ${name}_test)
    endif()
    _course_prove_exercise("${folder}" ${number} ${slug} ${name} cu)
    if(traced)
      _course_prove_skeleton(${number} ${slug} ${name})
    endif()
  endif()

  if(COURSE_HAS_CUDA)
    set(all exercises_${number}_gpu)
    if(NOT TARGET ${all})
      _course_gpu_program(${all})
      add_test(NAME exercises.${number}.solutions_pass_on_gpu COMMAND ${all})
    endif()
    target_sources(${all} PRIVATE "${folder}/solution.cu" "${folder}/test.cpp")
    if(EXISTS "${own}")
      _course_gpu_program(${check}_gpu EXCLUDE_FROM_ALL)
      target_sources(${check}_gpu PRIVATE "${own}" "${folder}/test.cpp")
      target_include_directories(${check}_gpu PRIVATE "${folder}")
    endif()
  endif()
endfunction()

# Code for the oldest GPU that nvcc knows, which every newer one translates for
# itself when the program starts: exercises are small, and need not be fast.
# With line numbers, for compute-sanitizer.
function(_course_gpu_program target)
  add_executable(${target} ${ARGN})
  set_target_properties(${target} PROPERTIES CUDA_ARCHITECTURES OFF)
  target_compile_options(${target} PRIVATE
    "$<$<COMPILE_LANGUAGE:CUDA>:-lineinfo>")
  _course_exercise_uses(${target})
endfunction()

function(_course_prove_exercise folder number slug name ending)
  add_test(NAME exercises.${number}.${slug}.solution_passes
           COMMAND ${name}_solution)
  if(Python3_FOUND)
    add_test(NAME exercises.${number}.${slug}.solution_only_adds
             COMMAND "${Python3_EXECUTABLE}" -B
                     "${COURSE_EXERCISE_SCRIPTS}/only_adds.py"
                     "${folder}/skeleton.${ending}"
                     "${folder}/solution.${ending}")
  endif()
endfunction()

function(_course_prove_skeleton number slug name)
  if(Python3_FOUND)
    add_test(NAME exercises.${number}.${slug}.skeleton_fails
             COMMAND "${Python3_EXECUTABLE}" -B
                     "${COURSE_EXERCISE_SCRIPTS}/expect_failure.py"
                     $<TARGET_FILE:${name}_skeleton>)
  endif()
endfunction()

# A skeleton has parameters that nobody uses yet; that is no mistake. Linked
# last, so that these flags come after the ones that they take back.
add_library(exercise_flags INTERFACE)
target_compile_options(exercise_flags INTERFACE
  "$<$<COMPILE_LANGUAGE:CXX>:-Wno-unused-parameter;-Wno-unused-variable>"
  "$<$<COMPILE_LANGUAGE:CXX>:-Wno-unused-but-set-variable>")

function(_course_exercise_uses target)
  target_link_libraries(${target} PRIVATE
    ${ARGN} common course_flags GTest::gtest_main exercise_flags)
endfunction()
