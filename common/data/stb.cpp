// The one place where the stb libraries are compiled. Only the two decoders
// that the course reads are compiled in: what is absent cannot be attacked.
#include <zlib.h>

#include <cstdlib>

#define STBI_NO_STDIO
#define STBI_FAILURE_USERMSG  // reasons in words
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_MAX_DIMENSIONS 16384  // kMaximumPictureSide
// Zeroed memory: before 2.28, stb_image decodes with Huffman tables that a
// broken JPEG never defined. Out of garbage they point anywhere; all zeros are
// harmless.
#define STBI_MALLOC(size) std::calloc(1, size)
#define STBI_REALLOC(pointer, size) std::realloc(pointer, size)
#define STBI_FREE(pointer) std::free(pointer)
#define STB_IMAGE_IMPLEMENTATION
#include <stb/stb_image.h>

namespace {

// stb's own deflate makes files about a fifth larger than zlib does.
// Returns memory from malloc, or null, as stb_image_write expects.
unsigned char* compress_with_zlib(unsigned char* data, int data_size,
                                  int* compressed_size, int /*quality*/) {
  uLongf size = compressBound(static_cast<uLong>(data_size));
  auto* compressed = static_cast<unsigned char*>(std::malloc(size));
  if (compressed != nullptr &&
      compress2(compressed, &size, data, static_cast<uLong>(data_size),
                Z_BEST_COMPRESSION) != Z_OK) {
    std::free(compressed);
    return nullptr;
  }
  *compressed_size = static_cast<int>(size);
  return compressed;
}

}  // namespace

#define STBI_WRITE_NO_STDIO
#define STBIW_ZLIB_COMPRESS compress_with_zlib
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image_write.h>
