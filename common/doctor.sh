# The doctor: what this machine has, and which chapters can run on it. Sourced
# by ./course; looks only, installs and changes nothing.
# shellcheck shell=bash disable=SC2154  # what is used here, ./course sets

examine() {
  echo "Loops to Warps on this machine"
  echo
  examine_build
  examine_gpu
  examine_rest
  examine_chapters
}

finding() { printf '  %-14s %s\n' "$1" "$2"; }

first_line() { "$@" 2>&1 | sed -n 1p || true; }

at_least() {  # at_least WANTED FOUND: compares version numbers
  [[ $(printf '%s\n' "$1" "$2" | sort -V | sed -n 1p) == "$1" ]]
}

examine_build() {
  local version model
  model=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null |
    sed -n 1p)
  finding processor "${model:-$(uname -m)}, $(nproc) threads for this process"
  cannot_build=""
  if ! command -v g++ >/dev/null; then
    finding compiler "g++ was not found"
  else
    version=$(g++ -dumpfullversion)
    finding compiler "g++ $version"
    at_least 12 "$version" ||
      cannot_build="the course is written in C++20 and needs g++ 12 or newer; this is $version"
  fi
  if command -v clang++ >/dev/null; then
    finding "" "$(first_line clang++ --version)"
  fi
  if ! command -v cmake >/dev/null; then
    finding CMake "was not found"
  else
    version=$(first_line cmake --version | grep -o '[0-9][0-9.]*')
    finding CMake "$version"
    at_least 3.25 "$version" ||
      cannot_build="the build needs CMake 3.25 or newer; this is $version"
  fi
  mapfile -t lacking < <(missing "${build_packages[@]}")
  if ((${#lacking[@]})); then finding missing "${lacking[*]}"; fi
}

# Sets no_gpu to the reason why GPU rows would be left out, or to nothing.
examine_gpu() {
  local nvcc devices
  no_gpu=""
  nvcc=$(command -v nvcc || ls /usr/local/cuda/bin/nvcc 2>/dev/null || true)
  if [[ -n $nvcc ]]; then
    finding "CUDA toolkit" "$("$nvcc" --version | sed -n 's/.*release \([0-9.]*\).*/\1/p') ($nvcc)"
  else
    finding "CUDA toolkit" "none (nvcc was not found)"
    no_gpu="there is no CUDA toolkit"
  fi
  if ! command -v nvidia-smi >/dev/null; then
    finding driver "none (nvidia-smi was not found)"
    no_gpu=${no_gpu:-"there is no NVIDIA driver"}
  elif devices=$(nvidia-smi --format=csv,noheader \
    --query-gpu=driver_version,name,compute_cap,memory.total 2>&1); then
    finding driver "${devices%%,*}"
    while IFS=, read -r _ name capability memory; do
      finding GPU "${name# }, compute capability${capability},${memory}"
    done <<<"$devices"
    return
  else
    finding driver "$(sed -n 1p <<<"$devices")"
    no_gpu=${no_gpu:-"the driver finds no GPU"}
  fi
  finding GPU "none"
}

examine_rest() {
  local library name root=${LOOPS_TO_WARPS_DATASETS:-datasets}
  library=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null |
    sed -n 's/.*libopenblas\.so.* => //p' | sed -n 1p)
  finding BLAS "${library:-no OpenBLAS: its rows will be missing from the tables}"
  finding PyTorch "$(pytorch_here)"
  for name in mnist fashion-mnist; do
    if [[ -e $root/full/$name/t10k-labels-idx1-ubyte ]]; then
      finding "$name" "the full set ($root/full/$name)"
    elif [[ -d $root/$name ]]; then
      finding "$name" "the subset that came with the course; ./course data $name gets all of it"
    else
      finding "$name" "not found: there is no $root/$name"
    fi
  done
  mapfile -t lacking_docs < <(missing "${docs_packages[@]}")
  if ((${#lacking_docs[@]})); then
    finding "docs tools" "./course docs would install: ${lacking_docs[*]}"
  else
    finding "docs tools" "Sphinx $("$python" -c 'import sphinx; print(sphinx.__version__)'), Doxygen $(doxygen --version)"
  fi
}

# Looks where common/pytorch_process.cpp looks.
pytorch_here() {
  local candidate version
  local -a candidates=(python3 /usr/bin/python3)
  [[ -z ${LOOPS_TO_WARPS_PYTHON:-} ]] || candidates=("$LOOPS_TO_WARPS_PYTHON")
  for candidate in "${candidates[@]}"; do
    version=$("$candidate" -c 'import torch; print(torch.__version__)' \
      2>/dev/null) || continue
    echo "$version ($(command -v "$candidate"))"
    return
  done
  echo "none for ${candidates[0]}: its rows will be missing from the tables"
}

examine_chapters() {
  local chapter verdict
  if [[ -n $cannot_build ]]; then
    verdict="cannot run: $cannot_build."
  elif ((${#lacking[@]})); then
    verdict="can run once the missing packages are there; ./course run installs them."
  elif [[ -n $no_gpu ]]; then
    verdict="runs, without the GPU rows: $no_gpu."
  else
    verdict="runs, with the GPU rows."
  fi
  echo
  for chapter in $(chapters); do
    printf '  %-28s %s\n' "$chapter" "$verdict"
  done
}
