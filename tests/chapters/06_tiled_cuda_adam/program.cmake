# What the chapter's program is made of: it checks and times others, so it is
# checked itself.
course_test(test_stories_06 SOURCES test_stories.cpp LIBRARIES chapter_06)
if(COURSE_HAS_CUDA)
  course_test(test_trials_cuda SOURCES test_trials.cpp LIBRARIES chapter_06)
endif()
if(COURSE_HAS_SIMT)
  course_test(test_trials LIBRARIES chapter_06_simt)
  course_simt(test_trials test_trials.cpp)
endif()
