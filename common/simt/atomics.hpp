/// @file
/// CUDA's atomics, which are atomic between CPU threads too. Each returns what
/// was there before. They lie outside of the kernels' files, so that the
/// microscope hears of each as one access.
#pragma once

// NOLINTBEGIN(readability-identifier-naming): these names are CUDA's
int atomicAdd(int* address, int value);
unsigned atomicAdd(unsigned* address, unsigned value);
unsigned long long atomicAdd(unsigned long long* address,
                             unsigned long long value);
float atomicAdd(float* address, float value);
double atomicAdd(double* address, double value);

int atomicSub(int* address, int value);
unsigned atomicSub(unsigned* address, unsigned value);

int atomicMax(int* address, int value);
unsigned atomicMax(unsigned* address, unsigned value);
int atomicMin(int* address, int value);
unsigned atomicMin(unsigned* address, unsigned value);

int atomicExch(int* address, int value);
unsigned atomicExch(unsigned* address, unsigned value);
float atomicExch(float* address, float value);

int atomicCAS(int* address, int expected, int value);
unsigned atomicCAS(unsigned* address, unsigned expected, unsigned value);
unsigned long long atomicCAS(unsigned long long* address,
                             unsigned long long expected,
                             unsigned long long value);

unsigned atomicOr(unsigned* address, unsigned value);
unsigned atomicAnd(unsigned* address, unsigned value);
/// Adds 1, or starts again from 0 when `last` has been reached.
unsigned atomicInc(unsigned* address, unsigned last);
// NOLINTEND(readability-identifier-naming)
