/// @file
/// CUDA for the host compiler: what a .cu file uses of the language and of the
/// runtime, with the emulator behind it. Included by common/cuda/runtime.hpp
/// where COURSE_SIMT is defined; no kernel includes it by itself.
#pragma once

#include "common/simt/atomics.hpp"
#include "common/simt/intrinsics.hpp"
#include "common/simt/language.hpp"
#include "common/simt/runtime.hpp"
#include "common/simt/synchronise.hpp"
#include "common/simt/vector_types.hpp"
