#include "common/simt/fiber.hpp"

#include <boost/context/detail/fcontext.hpp>

#include "common/simt/sanitizer.hpp"

#ifdef COURSE_ASAN
#include <sanitizer/common_interface_defs.h>
#endif

namespace cnn::simt {
namespace {

namespace context = boost::context::detail;

/// Before a switch; `keep` is null when the stack that is left is done with.
void start_switch([[maybe_unused]] void** keep,
                  [[maybe_unused]] const void* bottom,
                  [[maybe_unused]] std::size_t bytes) {
#ifdef COURSE_ASAN
  __sanitizer_start_switch_fiber(keep, bottom, bytes);
#endif
}

/// After it, on the other stack; says which stack was left.
void finish_switch([[maybe_unused]] void* kept,
                   [[maybe_unused]] const void** bottom,
                   [[maybe_unused]] std::size_t* bytes) {
#ifdef COURSE_ASAN
  __sanitizer_finish_switch_fiber(kept, bottom, bytes);
#endif
}

}  // namespace

/// The first thing that runs on the fiber's stack.
struct Fiber::Entry {
  static void run(context::transfer_t from) {
    Fiber& fiber = *static_cast<Fiber*>(from.data);
    fiber.outside_ = from.fctx;
    finish_switch(nullptr, &fiber.outside_bottom_, &fiber.outside_bytes_);
    fiber.body_(fiber.argument_);
    fiber.leave(true);
  }
};

void Fiber::start(std::span<std::byte> stack, Body body, void* argument) {
  unpoison(stack.data(), stack.size());
  stack_ = stack;
  body_ = body;
  argument_ = argument;
  fake_inside_ = nullptr;
  inside_ = context::make_fcontext(stack.data() + stack.size(), stack.size(),
                                   &Entry::run);
}

void Fiber::resume() {
  start_switch(&fake_outside_, stack_.data(), stack_.size());
  const context::transfer_t from = context::jump_fcontext(inside_, this);
  finish_switch(fake_outside_, nullptr, nullptr);
  inside_ = from.fctx;
}

void Fiber::pause() {
  leave(false);
}

void Fiber::leave(bool for_good) {
  start_switch(for_good ? nullptr : &fake_inside_, outside_bottom_,
               outside_bytes_);
  const context::transfer_t from = context::jump_fcontext(outside_, nullptr);
  finish_switch(fake_inside_, &outside_bottom_, &outside_bytes_);
  outside_ = from.fctx;
}

}  // namespace cnn::simt
