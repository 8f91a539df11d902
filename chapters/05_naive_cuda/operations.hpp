// region quiet: includes
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/backend.hpp"
#include "common/work.hpp"

namespace cnn {
// endregion

// region operands
/// The arrays of one operation: on a backend, and in the program's memory.
class Operands {
 public:
  explicit Operands(Backend& backend) : backend_(&backend) {}
  Backend& backend() const { return *backend_; }

  /// Arrays with random numbers in [-1, 1), which count as copied to the
  /// backend; `fill` is another number of the random stream.
  Array input(const Shape& activation);
  /// See above: plain numbers, in no layout.
  Array input(std::int64_t count);
  /// Arrays that count as copied back.
  Array output(const Shape& activation);
  /// See above: plain numbers, in no layout.
  Array output(std::int64_t count);
  /// Labels below `classes`.
  ByteArray labels(std::int64_t batch, std::int64_t classes);

  /// From the program's memory to the backend: what a program does that keeps
  /// its numbers in its own memory and sends out single operations.
  void upload();
  /// And back; waits.
  void download();
  /// From now on upload() sends what the inputs hold on the backend now: where
  /// some of them had to be computed first.
  void keep_inputs();

 private:
  /// An activation when `shape` has a size; plain numbers otherwise.
  struct Operand {
    Shape shape;
    Array array = nullptr;
    std::vector<float> host;
  };
  Operand make(const Shape& shape, std::int64_t count);
  void upload(const Operand& operand);
  void download(Operand& operand);

  Backend* backend_;
  std::vector<Operand> inputs_;
  std::vector<Operand> outputs_;
  std::uint64_t stream_ = 0;
};
// endregion

// region operation
/// One operation of a network, on any backend.
struct Operation {
  std::string id;     ///< "001/conv2-forward"
  std::string label;  ///< "conv 2, forward"
  Work work;          ///< FLOP and bytes as the plain computation has them
  /// Makes its arrays, and returns what does it.
  std::function<std::function<void()>(Operands&)> prepare;
};

/// All operations of one training step of a report's network, in the order of
/// the layers, none of them fused with another: report 001's, 002's, or what
/// only 003's has.
std::vector<Operation> operations_of(const std::string& report,
                                     std::int64_t batch);

}  // namespace cnn
// endregion
