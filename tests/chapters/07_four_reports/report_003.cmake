# Report 003's col2im, which overwrites where it should add.
course_test(test_overwriting_backend SOURCES test_overwriting_backend.cpp
  LIBRARIES chapter_07)
