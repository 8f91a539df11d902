# course_exercise(FOLDER)
#
# FOLDER is chapters/NN_name/exercises/SLUG with exercise.hpp, skeleton.cpp,
# solution.cpp and test.cpp. Builds the test against the skeleton and against
# the solution, and has CTest prove what is said of both. When the reader has
# begun the exercise (exercises/NN/SLUG.cpp at the root), the target
# check_NN_SLUG builds the test against their file; it is not part of "all",
# so that half-written work breaks no build.
set(COURSE_EXERCISE_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}")

function(course_exercise folder)
  cmake_path(GET folder FILENAME slug)
  string(REGEX MATCH "/chapters/([0-9][0-9])_" _ "${folder}")
  set(number "${CMAKE_MATCH_1}")
  set(name "exercise_${number}_${slug}")

  add_library(${name}_test OBJECT EXCLUDE_FROM_ALL "${folder}/test.cpp")
  _course_exercise_uses(${name}_test ${number})

  foreach(variant skeleton solution)
    add_executable(${name}_${variant} "${folder}/${variant}.cpp")
    _course_exercise_uses(${name}_${variant} ${number})
    target_link_libraries(${name}_${variant} PRIVATE ${name}_test)
  endforeach()

  set(own "${CMAKE_SOURCE_DIR}/exercises/${number}/${slug}.cpp")
  if(EXISTS "${own}")
    add_executable(check_${number}_${slug} EXCLUDE_FROM_ALL "${own}")
    _course_exercise_uses(check_${number}_${slug} ${number})
    target_include_directories(check_${number}_${slug} PRIVATE "${folder}")
    target_link_libraries(check_${number}_${slug} PRIVATE ${name}_test)
  endif()

  add_test(NAME exercises.${number}.${slug}.solution_passes
           COMMAND ${name}_solution)
  if(Python3_FOUND)
    add_test(NAME exercises.${number}.${slug}.skeleton_fails
             COMMAND "${Python3_EXECUTABLE}" -B
                     "${COURSE_EXERCISE_SCRIPTS}/expect_failure.py"
                     $<TARGET_FILE:${name}_skeleton>)
    add_test(NAME exercises.${number}.${slug}.solution_only_adds
             COMMAND "${Python3_EXECUTABLE}" -B
                     "${COURSE_EXERCISE_SCRIPTS}/only_adds.py"
                     "${folder}/skeleton.cpp" "${folder}/solution.cpp")
  endif()
endfunction()

# A skeleton has parameters that nobody uses yet; that is no mistake. Linked
# last, so that these flags come after the ones that they take back.
add_library(exercise_flags INTERFACE)
target_compile_options(exercise_flags INTERFACE
  -Wno-unused-parameter -Wno-unused-variable -Wno-unused-but-set-variable)

function(_course_exercise_uses target number)
  target_link_libraries(${target} PRIVATE
    chapter_${number} common course_flags GTest::gtest_main exercise_flags)
endfunction()
