// region quiet: includes
#pragma once

#include <cstdint>
#include <exception>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace cnn {
// endregion

// region parallel-for
/// Calls body(task, thread) for every task in [0, tasks), on up to `threads`
/// threads at once; `thread`, in [0, threads), tells which, so that each can
/// have memory of its own. Who gets which task is not fixed: results must not
/// depend on it. The first exception is thrown again here, after all have
/// stopped. Without OpenMP, one thread does everything.
template <class Body>
void parallel_for([[maybe_unused]] int threads, std::int64_t tasks,
                  const Body& body) {
#ifdef _OPENMP
  if (threads > 1 && tasks > 1) {
    std::exception_ptr failure;
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
    for (std::int64_t task = 0; task < tasks; ++task) {
      try {
        body(task, omp_get_thread_num());
      } catch (...) {  // must not leave the loop
#pragma omp critical
        if (!failure) failure = std::current_exception();
      }
    }
    if (failure) std::rethrow_exception(failure);
    return;
  }
#endif
  for (std::int64_t task = 0; task < tasks; ++task) body(task, 0);
}

}  // namespace cnn
// endregion
