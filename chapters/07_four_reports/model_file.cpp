// region quiet: includes
#include "chapters/07_four_reports/model_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "chapters/04_cpu_cnn/weights_file.hpp"
#include "chapters/07_four_reports/notation.hpp"
#include "common/data/input.hpp"
#include "common/data/picture.hpp"
#include "common/errors.hpp"
// endregion

// region save-model
namespace cnn {
namespace {

using Json = nlohmann::json;

constexpr const char* kSchema = "loops-to-warps/model/1";
constexpr std::array<const char*, 3> kGrounds{"dark", "light", "mixed"};

std::string as_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Safetensors contents_of(const Model& model) {
  const Shape& picture = model.picture;
  const auto ground = static_cast<std::size_t>(model.ground);
  Safetensors contents{model.tensors, {}};
  contents.metadata = {
      {"schema", kSchema},
      {"format", "pt"},
      {"layers", model.layers},
      {"picture",
       as_text(Json{picture.channels, picture.height, picture.width})},
      {"scale", as_text(model.scaling.scale)},
      {"offset", as_text(model.scaling.offset)},
      {"ground", kGrounds.at(ground)},
      {"classes", as_text(model.class_names)},
      {"recipe", model.recipe}};
  return contents;
}

void save_model(const std::filesystem::path& path, const Model& model) {
  write_safetensors(path, contents_of(model));
}
// endregion

// region metadata-of-model
namespace {

/// Reads what the metadata say; of what it finds, nothing is believed yet.
struct Metadata {
  const std::map<std::string, std::string>& entries;
  const std::string& file;

  const std::string& text(const char* key) const {
    const auto found = entries.find(key);
    if (found == entries.end()) {
      throw bad_input(file, "metadata", fmt::format("no {}", in_quotes(key)),
                      "a model that `./course run 7 --save FILE` wrote");
    }
    return found->second;
  }

  /// A list, written as JSON, of what `is_one` says yes to.
  template <class Element>
  std::vector<Element> list(const char* key,
                            bool (*is_one)(const Json&)) const {
    const Json json = Json::parse(text(key), nullptr, false);
    if (!json.is_array() || !std::ranges::all_of(json, is_one)) {
      refuse(key, "a list");
    }
    return json.get<std::vector<Element>>();
  }

  [[noreturn]] void refuse(const char* key, std::string_view expected) const {
    throw bad_input(file, fmt::format("metadata {}", in_quotes(key)),
                    in_quotes(text(key)), expected);
  }
};
// endregion

// region read-model
Shape picture_in(const Metadata& metadata) {
  const auto sizes =
      metadata.list<std::int64_t>("picture", [](const Json& size) {
        return size.is_number_unsigned() &&
               size.get<std::uint64_t>() <= kMaximumPictureSide;
      });
  // Three such numbers are no danger to their product.
  if (sizes.size() != 3 || sizes[0] * sizes[1] * sizes[2] < 1 ||
      sizes[0] * sizes[1] * sizes[2] > kMaximumPicturePixels) {
    metadata.refuse("picture", "channels, height and width of a picture");
  }
  return {1, sizes[0], sizes[1], sizes[2]};
}

std::vector<float> factors_in(const Metadata& metadata, const char* key,
                              const Shape& picture) {
  const auto factors = metadata.list<float>(key, [](const Json& factor) {
    return factor.is_number() &&
           std::abs(factor.get<double>()) <= std::numeric_limits<float>::max();
  });
  if (std::ssize(factors) != picture.channels) {
    metadata.refuse(
        key, fmt::format("{} numbers, one for each channel", picture.channels));
  }
  return factors;
}

Ground ground_in(const Metadata& metadata) {
  const auto* const found =
      std::ranges::find(kGrounds, metadata.text("ground"));
  if (found == kGrounds.end())
    metadata.refuse("ground", "dark, light or mixed");
  return static_cast<Ground>(found - kGrounds.begin());
}

/// They will be shown on a terminal, which must not take one for a command.
std::vector<std::string> class_names_in(const Metadata& metadata) {
  return metadata.list<std::string>("classes", [](const Json& name) {
    constexpr unsigned char kDelete = 0x7f;
    return name.is_string() && !name.get_ref<const std::string&>().empty() &&
           std::ranges::none_of(name.get_ref<const std::string&>(),
                                [](unsigned char byte) {
                                  return byte < ' ' || byte == kDelete;
                                });
  });
}
// endregion

// region expect-fit
/// A network of one number for each class, of a size that one can afford.
void expect_classes(const Model& model, const std::string& file) {
  constexpr std::int64_t kMostNumbers = std::int64_t{1} << 28;
  std::int64_t numbers = 0;
  Shape last = model.picture;
  for (const Shape& output : output_shapes(layers_of(model), model.picture)) {
    numbers += output.size();
    if (numbers > kMostNumbers) {
      throw bad_input(file, "layers",
                      fmt::format("more than {} numbers for one picture",
                                  with_thousands(kMostNumbers)),
                      "a network of a size that fits in memory");
    }
    last = output;
  }
  if (last.size() != std::ssize(model.class_names) ||
      last.size() != last.channels || last.size() > Network::kNoLabel) {
    throw bad_input(file, "metadata \"classes\"",
                    fmt::format("{} names", model.class_names.size()),
                    fmt::format("one for each output, {}, and at most {}",
                                to_string(last), Network::kNoLabel));
  }
}

void expect_fit(const Model& model, const std::string& file) {
  expect_classes(model, file);
  const ModelArrays arrays = arrays_of(model);
  const Safetensors contents{model.tensors, {}};
  std::vector<std::string> names;
  for (const Arena* arena : {&arrays.parameters, &arrays.buffers}) {
    expect_tensors(arena->entries, contents, file);
    for (const Parameter& entry : arena->entries) names.push_back(entry.name);
  }
  expect_no_more_tensors(contents, file, names);
  for (const NamedTensor& tensor : model.tensors) {
    if (std::ranges::all_of(tensor.values,
                            [](float value) { return std::isfinite(value); })) {
      continue;
    }
    throw bad_input(file, "tensor " + in_quotes(tensor.name),
                    "a number that is infinite or none", "finite numbers");
  }
}

}  // namespace
// endregion

// region load-model
Model model_from(Safetensors contents, const std::string& file) {
  const Metadata metadata{contents.metadata, file};
  if (metadata.text("schema") != kSchema) metadata.refuse("schema", kSchema);
  Model model{.layers = metadata.text("layers"),
              .picture = picture_in(metadata),
              .scaling = {},
              .ground = ground_in(metadata),
              .class_names = class_names_in(metadata),
              .recipe = metadata.text("recipe"),
              .tensors = std::move(contents.tensors)};
  model.scaling = {factors_in(metadata, "scale", model.picture),
                   factors_in(metadata, "offset", model.picture)};
  constexpr std::size_t kLongestLine = 1000;
  if (model.layers.size() > kLongestLine) metadata.refuse("layers", "a line");
  try {
    expect_fit(model, file);
  } catch (const InputError& error) {
    const std::string what = error.what();
    if (what.starts_with(file)) throw;
    throw InputError(fmt::format("{}: {}", file, what));
  }
  return model;
}

Model load_model(const std::filesystem::path& path) {
  return model_from(read_safetensors(path), path.string());
}

}  // namespace cnn
// endregion
