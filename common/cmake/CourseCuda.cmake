# Sets COURSE_HAS_CUDA, and enables the CUDA language where a toolkit is found.
set(COURSE_HAS_CUDA OFF)
if(NOT COURSE_CUDA STREQUAL "OFF")
  include(CheckLanguage)
  if(NOT CMAKE_CUDA_COMPILER AND NOT DEFINED ENV{CUDACXX})
    find_program(COURSE_NVCC nvcc HINTS /usr/local/cuda/bin ENV CUDA_PATH PATH_SUFFIXES bin)
    if(COURSE_NVCC)
      set(CMAKE_CUDA_COMPILER "${COURSE_NVCC}")
    endif()
  endif()
  # nvcc accepts only some host compilers; g++ is the one that it always knows.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND NOT CMAKE_CUDA_HOST_COMPILER)
    find_program(COURSE_GXX NAMES g++)
    if(COURSE_GXX)
      set(CMAKE_CUDA_HOST_COMPILER "${COURSE_GXX}")
    endif()
  endif()
  check_language(CUDA)
  if(CMAKE_CUDA_COMPILER)
    # Code for this machine's GPU; without one, a build only shows that the
    # kernels compile, so nothing is compiled twice: as PTX for the oldest
    # architecture that the toolkit knows, which the driver of any newer GPU can
    # still turn into code of its own. nvcc itself says which one that is: this
    # CMake may be older than the toolkit.
    if(NOT CMAKE_CUDA_ARCHITECTURES AND NOT DEFINED ENV{CUDAARCHS})
      set(CMAKE_CUDA_ARCHITECTURES all-major)
      if(EXISTS /dev/nvidia0 OR EXISTS /dev/dxg)
        set(CMAKE_CUDA_ARCHITECTURES native)
      else()
        execute_process(COMMAND "${CMAKE_CUDA_COMPILER}" --list-gpu-arch
          OUTPUT_VARIABLE architectures ERROR_QUIET)
        if(architectures MATCHES "compute_([0-9]+)")
          set(CMAKE_CUDA_ARCHITECTURES "${CMAKE_MATCH_1}-virtual")
        endif()
      endif()
    endif()
    enable_language(CUDA)
    find_package(CUDAToolkit REQUIRED)
    set(CMAKE_CUDA_STANDARD 20)
    # CMake 3.25 does not know yet how to ask nvcc for C++20.
    if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)
      set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
      set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION "-std=c++20")
    endif()
    set(CMAKE_CUDA_STANDARD_REQUIRED ON)
    set(COURSE_HAS_CUDA ON)
  elseif(COURSE_CUDA STREQUAL "ON")
    message(FATAL_ERROR "COURSE_CUDA is ON, but no working CUDA compiler was found "
                        "(looked for nvcc in PATH and in /usr/local/cuda/bin)")
  endif()
endif()
