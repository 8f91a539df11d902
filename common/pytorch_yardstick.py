"""Asks PyTorch how fast it is; common/pytorch.cpp starts this.

Standard input is a request, standard output the answer, both JSON. A request
names a task, a number of threads, a plan for timing, and what the task needs:

  describe     nothing
  epoch        network, batch, pictures, optimiser, rate, momentum,
               weight_decay, compile, graph, device ("cpu" or "cuda")
  epochs       trainings: a list of what epoch needs, device
  convolution  input, filter (shapes NCHW and OIHW), stride, padding

The answer has a description, and runs: what was done ("step"; "forward",
"input gradient", "filter gradient"), by which variant, and the seconds of each
sample; for epochs, a list of such runs for each training. Without PyTorch it
is {"absent": why}. Anything that goes wrong is an exception: its last line is
on standard error, and the exit status is not 0.
"""

import json
import math
import os
import re
import signal
import sys
import time


def samples(run, plan):
    """Seconds for each call of run(), by the rules of common/timing.cpp."""
    shortest, fewest = 20e-6, 3

    def seconds_for(calls):
        start = time.perf_counter()
        for _ in range(calls):
            run()
        return time.perf_counter() - start

    calls = 1
    once = warm = seconds_for(1)
    while warm < plan["warm_up_s"] or once < shortest:
        if once < shortest:
            calls *= 2
        once = seconds_for(calls)
        warm += once
    taken, total = [], 0.0
    while len(taken) < fewest or not (
            total >= plan["enough_s"] or
            (len(taken) >= plan["repetitions"] and total >= plan["settled_s"])):
        sample = seconds_for(calls)
        taken.append(sample / calls)
        total += sample
    return taken


def description_cuda(torch):
    """PyTorch's version and what its speed on a GPU depends on."""
    cudnn = torch.backends.cudnn.version()
    words = [f"PyTorch {torch.__version__.split('+')[0]}",
             f"CUDA {torch.version.cuda}",
             f"cuDNN {cudnn // 10000}.{cudnn // 100 % 100}" if cudnn else "no cuDNN",
             torch.cuda.get_device_name()]
    return ", ".join(words)


def description(torch):
    """PyTorch's version and what its speed depends on."""
    config = torch.__config__.show()

    def found(pattern, otherwise):
        match = re.search(pattern, config)
        return match.group(1) if match else otherwise

    one_dnn = found(r"(?:MKL-DNN|oneDNN) v([0-9.]+)", "")
    isa = found(r"CPU capability usage: *(.+)", "").strip()
    isa = {"AVX512": "AVX-512"}.get(isa, isa)
    threads = torch.get_num_threads()
    words = [f"PyTorch {torch.__version__.split('+')[0]}",
             f"oneDNN {one_dnn}" if one_dnn else "no oneDNN",
             isa, f"{threads} thread{'s' if threads > 1 else ''}"]
    # A program that pins its threads passes that on to its children.
    processors = len(os.sched_getaffinity(0))
    if processors < threads:
        words[-1] += f" on {processors} processor{'s' if processors > 1 else ''}"
    return ", ".join(word for word in words if word)


# --- training ---------------------------------------------------------------

def network(torch, name):
    """The CNN of a report, as torch.nn users would write it."""
    nn = torch.nn

    def block_002(inputs, outputs):
        return [nn.Conv2d(inputs, outputs, 3, padding=1),
                nn.BatchNorm2d(outputs), nn.ReLU(), nn.MaxPool2d(2)]

    def dense_002(inputs, outputs):
        return [nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs), nn.ReLU()]

    layers = {
        "001": lambda: [
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(64 * 5 * 5, 128), nn.ReLU(), nn.Linear(128, 10)],
        "002": lambda: [
            *block_002(1, 40), *block_002(40, 60), nn.Flatten(),
            *dense_002(60 * 7 * 7, 25), *dense_002(25, 50), nn.Linear(50, 10)],
        "003": lambda: [
            nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Dropout(0.3), nn.Flatten(), nn.Linear(8 * 14 * 14, 10)],
    }
    return nn.Sequential(*layers[name]())


def make_optimiser(torch, request, parameters):
    if request["optimiser"] == "adam":
        # On a GPU one kernel for all parameters; in a graph the number of the
        # step has to lie there, too.
        on_gpu = request["device"] == "cuda"
        more = {"fused": True, "capturable": request["graph"]} if on_gpu else {}
        return torch.optim.Adam(parameters, lr=request["rate"],
                                weight_decay=request["weight_decay"], **more)
    return torch.optim.SGD(parameters, lr=request["rate"],
                           momentum=request["momentum"],
                           weight_decay=request["weight_decay"])


def new_training(torch, request, channels_last):
    """A network with its first weights, and its optimiser."""
    torch.manual_seed(0)
    model = network(torch, request["network"]).to(request["device"])
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
    return model, make_optimiser(torch, request, model.parameters())


def shuffled_batches(torch, count, batch, device):
    """Indices of pictures, batch after batch, epoch after epoch."""
    while True:
        order = torch.randperm(count, device=device)
        for at in range(0, count - batch + 1, batch):
            yield order[at:at + batch]


def captured_step(torch, request, pictures, labels, channels_last):
    """The same as one CUDA graph: what a step launches is recorded once, then
    replayed on other pictures in the same place."""
    model, optimiser = new_training(torch, request, channels_last)
    batch = request["batch"]
    images, answers = pictures[:batch].clone(), labels[:batch].clone()

    def learn():
        optimiser.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(model(images), answers).backward()
        optimiser.step()

    # PyTorch wants some steps on another stream before it records one.
    aside = torch.cuda.Stream()
    aside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(aside):
        for _ in range(5):
            learn()
    torch.cuda.current_stream().wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        learn()
    batches = shuffled_batches(torch, len(pictures), batch, pictures.device)

    def step():
        chosen = next(batches)
        torch.index_select(pictures, 0, chosen, out=images)
        torch.index_select(labels, 0, chosen, out=answers)
        graph.replay()

    return step


def training_step(torch, request, pictures, labels, channels_last, compiled):
    """A function that does one step of the training, each time another."""
    model, optimiser = new_training(torch, request, channels_last)

    def loss_of(images, answers):
        return torch.nn.functional.cross_entropy(model(images), answers)

    if compiled:
        loss_of = torch.compile(loss_of)
    batches = shuffled_batches(torch, len(pictures), request["batch"],
                               pictures.device)

    def step():
        chosen = next(batches)
        optimiser.zero_grad(set_to_none=True)
        loss_of(pictures[chosen], labels[chosen]).backward()
        optimiser.step()

    return step


def epoch_runs(torch, request):
    """Times of single training steps, in each memory format."""
    count = request["pictures"]
    if not 0 < request["batch"] <= count:
        raise ValueError(f"a batch of {request['batch']} out of {count} pictures")
    torch.manual_seed(0)
    pictures = torch.rand(count, 1, 28, 28).to(request["device"])
    labels = torch.randint(10, (count,)).to(request["device"])
    # Numbers below 1e-38 would cost PyTorch many times a normal one.
    torch.set_flush_denormal(True)
    variants = [("contiguous", False, False), ("channels last", True, False)]
    if request["compile"] and not request["graph"]:
        variants += [("compiled", False, True),
                     ("compiled, channels last", True, True)]
    runs = []
    for name, channels_last, compiled in variants:
        if request["graph"]:
            step = captured_step(torch, request, pictures, labels,
                                 channels_last)
        else:
            step = training_step(torch, request, pictures, labels,
                                 channels_last, compiled)
        try:
            step()
        except Exception as error:  # no compiler: the other variants will do
            if not compiled:
                raise
            print(f"{name}: {error}", file=sys.stderr)
            continue
        if request["device"] == "cuda":
            seconds = gpu_samples(torch, step, request["plan"])
        else:
            seconds = samples(step, request["plan"])
        runs.append({"what": "step", "variant": name, "seconds": seconds})
    return runs


def epochs_runs(torch, request):
    """The runs of several trainings, a list for each."""
    return [epoch_runs(torch, training) for training in request["trainings"]]


def gpu_samples(torch, step, plan):
    """Seconds for each step where the GPU is waited for after twenty of them."""
    steps = 20

    def run():
        for _ in range(steps):
            step()
        torch.cuda.synchronize()

    return [sample / steps for sample in samples(run, plan)]


# --- one convolution ----------------------------------------------------------

def convolution_runs(torch, request):
    """Times of a convolution and its gradients, in each memory format."""
    torch.manual_seed(0)
    stride, padding = [request["stride"]] * 2, [request["padding"]] * 2
    runs = []
    for name, memory_format in (("contiguous", torch.contiguous_format),
                                ("channels last", torch.channels_last)):
        def random(shape):
            return torch.rand(shape).sub_(0.5).to(memory_format=memory_format)

        images, filters = random(request["input"]), random(request["filter"])

        def forward():
            return torch.nn.functional.conv2d(images, filters, None, stride,
                                              padding)

        gradient = random(forward().shape)

        def backward(*wanted):
            return torch.ops.aten.convolution_backward(
                gradient, images, filters, None, stride, padding, [1, 1], False,
                [0, 0], 1, [*wanted, False])

        for what, run in (("forward", forward),
                          ("input gradient", lambda: backward(True, False)),
                          ("filter gradient", lambda: backward(False, True))):
            with torch.no_grad():
                seconds = samples(run, request["plan"])
            runs.append({"what": what, "variant": name, "seconds": seconds})
    return runs


TASKS = {"describe": lambda torch, request: [],
         "epoch": epoch_runs,
         "epochs": epochs_runs,
         "convolution": convolution_runs}


def answer(request):
    # OpenMP and MKL read this when PyTorch is loaded.
    os.environ["OMP_NUM_THREADS"] = str(request["threads"])
    try:
        import torch
    except ImportError as error:
        return {"absent": str(error)}
    torch.set_num_threads(request["threads"])
    cuda = request.get("device") == "cuda"
    if cuda:
        if not torch.cuda.is_available():
            raise RuntimeError("PyTorch finds no GPU")
        # Full float32, as everywhere in this course.
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False
        torch.backends.cudnn.benchmark = True  # the fastest, by trying
    runs = TASKS[request["task"]](torch, request)
    describe = description_cuda if cuda else description
    return {"description": describe(torch), "runs": runs}


def main():
    # Standard output is for the answer: whatever else is printed, by whatever
    # library, goes to standard error.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    request = json.load(sys.stdin)
    # If nobody is left to stop this process, it stops itself.
    signal.alarm(math.ceil(request["timeout_s"]) + 1)
    json.dump(answer(request), answers)
    answers.close()


if __name__ == "__main__":
    main()
