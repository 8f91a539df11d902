// Runs exported models in ONNX Runtime, and compares its logits with the exact
// ones and with ours.
//
//   node onnxruntime_check.mjs SAMPLES [--record FILE]
//
// SAMPLES is a folder that onnx_samples has filled. The package onnxruntime-web
// has to be here, in the repository:
//
//   npm install --prefix build/onnxruntime --no-save onnxruntime-web
//
// Exit status: 0, every logit is within its bound; 1, one is not; 2, bad usage;
// 77, the package is not here.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../../..");

async function findRuntime() {
  const require = createRequire(path.join(root, "build/onnxruntime/package.json"));
  try {
    const folder = path.dirname(path.dirname(require.resolve("onnxruntime-web")));
    const { version } = JSON.parse(
      fs.readFileSync(path.join(folder, "package.json"), "utf8"));
    const runtime = require("onnxruntime-web");
    runtime.env.wasm.numThreads = 1;
    runtime.env.logLevel = "error";
    return { runtime, version };
  } catch (error) {
    console.error(`skipped: onnxruntime-web is not in build/onnxruntime (${error.code})`);
    process.exit(77);
  }
}

// The logits of `count` pictures, from picture `first` on.
async function logitsOf(runtime, session, network, first, count) {
  const shape = [count, ...network.shape.slice(1)];
  const size = shape.slice(1).reduce((a, b) => a * b, 1);
  const pixels = Uint8Array.from(
    network.pixels.slice(first * size, (first + count) * size));
  const feeds = { pixels: new runtime.Tensor("uint8", pixels, shape) };
  const results = await session.run(feeds);
  const sums = new Array(count).fill(0);
  results.probabilities.data.forEach((share, i) => {
    sums[Math.floor(i / network.classes)] += share;
  });
  if (sums.some((sum) => !(Math.abs(sum - 1) < 1e-5))) {
    throw new Error("probabilities do not add up to 1");
  }
  return Array.from(results.logits.data);
}

// How `found` compares with the exact logits; written so that NaN fails.
function compare(found, network) {
  const outcome = { outside: 0, largest_error: 0, largest_share_of_bound: 0 };
  network.exact.forEach((exact, i) => {
    const error = Math.abs(found[i] - exact);
    if (!(error <= network.bounds[i])) outcome.outside += 1;
    outcome.largest_error = Math.max(outcome.largest_error, error);
    outcome.largest_share_of_bound = Math.max(
      outcome.largest_share_of_bound, error / network.bounds[i]);
  });
  return outcome;
}

async function check(runtime, samples, network) {
  const bytes = fs.readFileSync(path.join(samples, network.file));
  const session = await runtime.InferenceSession.create(bytes);
  const count = network.shape[0];
  const together = await logitsOf(runtime, session, network, 0, count);
  const alone = [];
  for (let i = 0; i < count; ++i) {
    alone.push(...await logitsOf(runtime, session, network, i, 1));
  }
  const difference = Math.max(
    ...together.map((logit, i) => Math.abs(logit - network.logits[i])));
  return {
    layers: network.layers,
    logits: together.length,
    largest_logit: Math.max(...network.exact.map(Math.abs)),
    onnxruntime: compare(together, network),
    one_by_one: compare(alone, network),
    ours: compare(network.logits, network),
    largest_difference: difference,
  };
}

const [samples, flag, record] = process.argv.slice(2);
if (!samples || (flag && (flag !== "--record" || !record))) {
  console.error("usage: node onnxruntime_check.mjs SAMPLES [--record FILE]");
  process.exit(2);
}
const { runtime, version } = await findRuntime();
const { opset, networks } = JSON.parse(
  fs.readFileSync(path.join(samples, "samples.json"), "utf8"));
const results = [];
console.log(`ONNX Runtime ${version} (onnxruntime-web), opset ${opset}`);
console.log("largest error of logits, and its share of what rounding allows:\n");
const columns = (layers, theirs, ours) =>
  `  ${layers.padEnd(50)}${theirs.padStart(20)}${ours.padStart(20)}`;
console.log(columns("", "ONNX Runtime", "ours"));
for (const network of networks) {
  const result = await check(runtime, samples, network);
  results.push(result);
  const cell = (outcome) =>
    `${outcome.largest_error.toExponential(1)} ` +
    `${(100 * outcome.largest_share_of_bound).toPrecision(2).padStart(8)} %`;
  console.log(columns(result.layers, cell(result.onnxruntime), cell(result.ours)));
}
const failed = results.filter((result) =>
  [result.onnxruntime, result.one_by_one, result.ours].some(
    (outcome) => outcome.outside > 0));
console.log(failed.length
  ? `\nfailed: ${failed.map((result) => result.layers).join(", ")}`
  : `\nevery logit of ${results.length} networks is within its bound`);
if (record) {
  const contents = { schema: "loops-to-warps/onnx/1", onnxruntime: version,
                     package: "onnxruntime-web", opset, networks: results };
  fs.writeFileSync(record, JSON.stringify(contents, null, 1) + "\n");
}
process.exit(failed.length ? 1 : 0);
