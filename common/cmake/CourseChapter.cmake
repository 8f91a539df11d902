# course_chapter(NN_name SOURCES a.cpp b.cpp ... [USES 01_other ...])
#
# One chapter: a library of what it builds (chapter_NN), and its program
# (NN_name, from main.cpp). Later chapters and the tests link the library.
#
# The rule of the house is enforced here: a chapter may use common/ and
# chapters with a lower number, nothing else.
function(course_chapter name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES")
  string(SUBSTRING "${name}" 0 2 number)

  file(GLOB files CONFIGURE_DEPENDS "*.cpp" "*.hpp" "*.cu" "*.cuh")
  foreach(file IN LISTS files)
    file(STRINGS "${file}" includes REGEX "^#include \"")
    foreach(line IN LISTS includes)
      if(line MATCHES "\"common/")
        continue()
      elseif(line MATCHES "\"chapters/([0-9][0-9])_[a-z0-9_]+/" AND
             CMAKE_MATCH_1 LESS_EQUAL number)
        continue()
      endif()
      message(FATAL_ERROR "${file}: ${line}\nA chapter may include common/ and "
                          "chapters up to its own number (${number}), nothing else.")
    endforeach()
  endforeach()

  add_library(chapter_${number} STATIC ${arg_SOURCES})
  target_link_libraries(chapter_${number} PUBLIC common course_flags)
  course_precompile(chapter_${number})
  foreach(used IN LISTS arg_USES)
    string(SUBSTRING "${used}" 0 2 used_number)
    target_link_libraries(chapter_${number} PUBLIC chapter_${used_number})
  endforeach()

  add_executable(${name} main.cpp)
  target_link_libraries(${name} PRIVATE chapter_${number})
endfunction()
