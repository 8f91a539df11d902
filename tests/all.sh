# The steps of ./course test. Sourced by ./course.
# shellcheck shell=bash disable=SC2154  # what is used here, ./course sets

# Runs every step even when one before it has failed, then says how each went.
# A step that this machine cannot do is skipped (status 77); where CI is set,
# nothing may be skipped.
run_all_tests() {
  table=() failed=() skipped=()
  step "Build, warnings are errors" build strict
  step "Tests" ctest_all strict
  step "Every chapter, quick" run_chapters strict build/strict/out
  step "Exported networks in ONNX Runtime" onnx_runtime strict
  # clang is a second opinion on the code and brings the fuzzers; where there
  # is none, g++ has the same sanitizers.
  local sanitized=sanitize compiler=g++
  if command -v clang++ >/dev/null; then sanitized=fuzz compiler=clang; fi
  step "Build with sanitizers, by $compiler" build "$sanitized"
  step "Tests under sanitizers" ctest_all "$sanitized"
  step "Fuzzing" fuzz build/fuzz
  step "Format" format
  step "clang-tidy" tidy
  step "Pages and EPUB" pages both
  step "Tests of the page tools" pages_tests
  step "Pages in a browser" pages_in_browser

  heading "All steps"
  printf '  %s\n' "${table[@]}"
  if ((${#failed[@]})); then
    fail "failed: $(joined "${failed[@]}")"
  elif ((${#skipped[@]})) && [[ -n ${CI:-} ]]; then
    fail "skipped, which CI may not: $(joined "${skipped[@]}")"
  elif ((${#skipped[@]})); then
    echo "All passed, but for what was skipped: $(joined "${skipped[@]}")."
  else
    echo "All passed."
  fi
}

step() {  # step NAME COMMAND...
  local start=$SECONDS status=0 verdict=passed summary=""
  heading "$1"
  "${@:2}" || status=$?
  case $status in
    0) ;;
    77) verdict=skipped; skipped+=("$1") ;;
    *) verdict=FAILED; failed+=("$1") ;;
  esac
  table+=("$(printf '%-8s %5d s  %s' "$verdict" $((SECONDS - start)) \
    "$1${summary:+: $summary}")")
  say "$verdict in $((SECONDS - start)) s"
}

joined() { local all; all=$(printf '%s; ' "$@"); echo "${all%; }"; }

ctest_all() {
  local log=build/$1.ctest.log status=0
  ctest --preset "$1" --parallel "$(nproc)" | tee "$log" || status=$?
  summary=$(grep 'tests passed' "$log" || true)
  return $status
}

# New inputs for each reader, the same ones every time: a gate should not fail
# by chance. What breaks a reader stays in build/PRESET/found/; what is merely
# new goes to the first folder named, which therefore is not the one in git.
fuzz() {
  local target name found new
  [[ -d $1/bin ]] || { say "the fuzzers need clang"; return 77; }
  for target in "$1"/bin/fuzz_*; do
    [[ -x $target ]] || continue
    name=${target##*/fuzz_}
    found=$1/found/$name
    new=$1/new/$name
    rm -rf "$new"
    mkdir -p "$found" "$new"
    "$target" -seed=1 -runs=10000 -max_total_time=20 -artifact_prefix="$found/" \
      "$new" "tests/fuzz/corpus/$name" >"$found.log" 2>&1 ||
      { tail -n 40 "$found.log"; return 1; }
    say "fuzz_$name: $(sed -n 's/^\(Done.*\)/\1/p' "$found.log")"
  done
}

# The versions whose opinion counts: others lay code out differently.
llvm_tool() {
  local tool
  for tool in "$1-14" "$1"; do
    if [[ $("$tool" --version 2>/dev/null) == *"version 14."* ]]; then
      echo "$tool"
      return
    fi
  done
  say "$1 14 is not here"
  return 77
}

sources() { find common chapters datasets tests "$@" -print0; }

format() {
  local tool
  tool=$(llvm_tool clang-format) || return
  sources \( -name '*.[ch]pp' -o -name '*.cu' -o -name '*.cuh' \) |
    xargs -0 "$tool" --dry-run -Werror
}

# What this machine has compiled, but for tests and exercises.
tidy() {
  local tool list=build/strict/compile_commands.json
  local -a files=()
  tool=$(llvm_tool clang-tidy) || return
  mapfile -t files < <(sed -n \
    "s#^ *\"file\": \"$PWD/\(.*\.cpp\)\",*\$#\1#p" "$list" |
    grep -E '^(common|chapters|datasets)/' | grep -v /exercises/)
  ((${#files[@]})) || { say "no sources are listed in $list"; return 1; }
  printf '%s\0' "${files[@]}" |
    xargs -0 -n 1 -P "$(nproc)" "$tool" -p build/strict --quiet 2>&1 |
    sed '/ warnings.* generated\.$/d'
}

pages_tests() {
  "$python" -B -W ignore::DeprecationWarning -m unittest discover -s docs/tests
}

# npm_package FOLDER NAME VERSION: into FOLDER/node_modules, which git ignores.
# Each has a folder of its own: npm removes what it was not asked for.
npm_package() {
  command -v npm >/dev/null || { say "npm is not here"; return 77; }
  grep -qs "\"version\": \"$3\"" "$1/node_modules/$2/package.json" ||
    npm install --prefix "$1" --no-save --no-package-lock --no-audit --no-fund \
      "$2@$3" || { say "npm could not get $2"; return 77; }
}

# ONNX Runtime is no Debian package; npm's runs in node, as WebAssembly.
onnxruntime_version=1.30.0
onnx_runtime() {
  local samples=build/$1/onnx_samples
  [[ -x build/$1/bin/onnx_samples ]] ||
    { say "built without ONNX (libonnx-dev, libprotobuf-dev)"; return 77; }
  mkdir -p build/onnxruntime
  npm_package build/onnxruntime onnxruntime-web "$onnxruntime_version" || return
  "build/$1/bin/onnx_samples" "$samples" &&
    node tests/chapters/07_four_reports/onnxruntime_check.mjs "$samples"
}

# axe-core judges accessibility; it is a library for browsers.
axe_version=4.14.1
pages_in_browser() {
  local tool
  for tool in chromium chromedriver npm; do
    command -v "$tool" >/dev/null || { say "$tool is not here"; return 77; }
  done
  getent hosts localhost >/dev/null ||
    { say "this system does not know localhost; see /etc/hosts"; return 77; }
  npm_package . axe-core "$axe_version" || return
  "$python" -B docs/browser_checks.py --self-test &&
    "$python" -B docs/browser_checks.py
}
