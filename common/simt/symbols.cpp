#include "common/simt/symbols.hpp"

#include <cxxabi.h>
#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <vector>

namespace cnn::simt {
namespace {

struct Symbols {
  std::vector<SharedVariable> shared;
  std::map<std::uintptr_t, std::string> functions;  // by address in the file
};

std::vector<char> own_file() {
  std::ifstream file("/proc/self/exe", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// `count` records of a file, copied: they need not be aligned there.
template <class T>
std::vector<T> records(const std::vector<char>& file, std::size_t offset,
                       std::size_t count) {
  if (offset > file.size() || count > (file.size() - offset) / sizeof(T)) {
    return {};
  }
  std::vector<T> found(count);
  std::memcpy(found.data(), file.data() + offset, count * sizeof(T));
  return found;
}

std::string demangled(const std::string& name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), std::free);
  return status == 0 ? text.get() : name;
}

/// "_ZZ6kernelPfE4tileB10gpu_shared": of the function _Z6kernelPf, the
/// variable "kernel(float*)::tile[abi:gpu_shared]".
SharedVariable shared_variable(const Elf64_Sym& symbol,
                               const std::string& name) {
  SharedVariable variable;
  variable.offset = symbol.st_value;
  variable.bytes = symbol.st_size;
  std::string plain = demangled(name);
  plain.erase(plain.rfind("[abi:"));
  const std::size_t scope = plain.rfind("::");
  variable.name = scope == std::string::npos ? plain : plain.substr(scope + 2);
  const std::size_t end =
      name.rfind(fmt::format("E{}{}", variable.name.size(), variable.name));
  if (name.starts_with("_ZZ") && end != std::string::npos) {
    variable.function = fmt::format("_Z{}", name.substr(3, end - 3));
  }
  return variable;
}

Symbols read_symbols() {
  Symbols symbols;
  const std::vector<char> file = own_file();
  const auto headers = records<Elf64_Ehdr>(file, 0, 1);
  if (headers.empty()) return symbols;
  const auto sections =
      records<Elf64_Shdr>(file, headers[0].e_shoff, headers[0].e_shnum);
  for (const Elf64_Shdr& section : sections) {
    if (section.sh_type != SHT_SYMTAB) continue;
    const Elf64_Shdr& names = sections.at(section.sh_link);
    for (const Elf64_Sym& symbol : records<Elf64_Sym>(
             file, section.sh_offset, section.sh_size / sizeof(Elf64_Sym))) {
      const std::string name(file.data() + names.sh_offset + symbol.st_name);
      const auto type = ELF64_ST_TYPE(symbol.st_info);
      if (type == STT_TLS && symbol.st_shndx != SHN_UNDEF &&
          name.ends_with("B10gpu_shared")) {
        symbols.shared.push_back(shared_variable(symbol, name));
      } else if (type == STT_FUNC && symbol.st_shndx != SHN_UNDEF) {
        symbols.functions.emplace(symbol.st_value, name);
      }
    }
  }
  std::ranges::sort(symbols.shared, {}, &SharedVariable::offset);
  return symbols;
}

const Symbols& symbols() {
  static const Symbols all = read_symbols();
  return all;
}

/// The mangled name of the function at this address; empty when unknown.
std::string mangled_name(const void* function) {
  const auto found = symbols().functions.find(
      reinterpret_cast<std::uintptr_t>(function) - image().load_address);
  return found == symbols().functions.end() ? "" : found->second;
}

/// Without parameters, return type, and the names of namespaces.
std::string short_name(std::string name) {
  for (const std::string space :
       {"(anonymous namespace)::", "cnn::", "emulated::"}) {
    for (std::size_t at = name.find(space); at != std::string::npos;
         at = name.find(space)) {
      name.erase(at, space.size());
    }
  }
  std::size_t begin = 0;
  std::size_t end = 0;
  int depth = 0;
  for (; end < name.size() && (depth > 0 || name[end] != '('); ++end) {
    if (name[end] == '<') ++depth;
    if (name[end] == '>') --depth;
    if (depth == 0 && (name[end] == ' ' || name[end] == ':')) begin = end + 1;
  }
  return name.substr(begin, end - begin);
}

/// Of this program itself, not of its libraries: it comes first.
int look_at_program(dl_phdr_info* info, std::size_t, void* result) {
  auto& found = *static_cast<Image*>(result);
  found.load_address = info->dlpi_addr;
  found.begin = UINTPTR_MAX;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& header = info->dlpi_phdr[i];
    if (header.p_type != PT_LOAD) continue;
    const std::uintptr_t begin = info->dlpi_addr + header.p_vaddr;
    found.begin = std::min(found.begin, begin);
    found.end = std::max(found.end, begin + header.p_memsz);
  }
  return 1;
}

int look_at_thread(dl_phdr_info* info, std::size_t, void* result) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    if (info->dlpi_phdr[i].p_type != PT_TLS) continue;
    *static_cast<std::span<std::byte>*>(result) = {
        static_cast<std::byte*>(info->dlpi_tls_data),
        info->dlpi_phdr[i].p_memsz};
  }
  return 1;
}

}  // namespace

std::span<const SharedVariable> shared_variables() {
  return symbols().shared;
}

std::span<std::byte> thread_variables() {
  thread_local std::span<std::byte> all;
  if (all.empty()) dl_iterate_phdr(look_at_thread, &all);
  return all;
}

std::string kernel_name(const void* kernel) {
  const std::string name = mangled_name(kernel);
  return name.empty() ? fmt::format("kernel at {}", kernel)
                      : short_name(demangled(name));
}

std::size_t static_shared_bytes(const void* kernel) {
  const std::string name = mangled_name(kernel);
  std::size_t bytes = 0;
  for (const SharedVariable& variable : shared_variables()) {
    if (!name.empty() && variable.function == name) bytes += variable.bytes;
  }
  return bytes;
}

const Image& image() {
  static const Image found = [] {
    Image program;
    dl_iterate_phdr(look_at_program, &program);
    return program;
  }();
  return found;
}

}  // namespace cnn::simt
