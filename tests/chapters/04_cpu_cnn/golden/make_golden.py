#!/usr/bin/env python3
"""Makes the golden values of chapter 4's tests: layers.json, training.json.

    apt-get install --no-install-recommends python3-torch
    /usr/bin/python3 tests/chapters/04_cpu_cnn/golden/make_golden.py

An implementation that shares no line with ours says what each layer, each
gradient and ten steps of training come to. PyTorch computes in float64; its
inputs are multiples of 1/64, exact in float32 and short in a file.

Every output of layers.json comes with the bound's two ingredients (see
common/error_bound.hpp): `terms`, how many roundings may meet in one value, and
`magnitude`, the same computation with all its terms positive. Values are right
to twelve digits, far beyond what the bound can see. Before anything is written,
PyTorch's own float32 results are held against the bounds.

The same seed makes the same inputs everywhere; results may differ in their last
digits between versions of PyTorch.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

FOLDER = pathlib.Path(__file__).resolve().parent
EPSILON, MOMENTUM = 1e-5, 0.1
UNIT = 2.0 ** -24
generator = torch.Generator().manual_seed(20)


def random(*shape, low=-1.0, high=2.0, grid=64):
    """Multiples of 1/grid, not symmetric about 0, in float64."""
    values = torch.rand(shape, generator=generator, dtype=torch.float64)
    return torch.round((low + (high - low) * values) * grid) / grid


def listed(tensor, digits=12):
    """A tensor as JSON: flat, twelve digits."""
    return [float(f"{value:.{digits}g}") for value in tensor.flatten().tolist()]


class Case:
    """One operation: numbers that describe it, inputs, and outputs."""

    def __init__(self, name, operation, **numbers):
        self.fields = {"name": name, "operation": operation, **numbers}
        self.inputs, self.outputs = {}, {}

    def input(self, name, tensor):
        self.inputs[name] = {"shape": list(tensor.shape),
                             "value": listed(tensor)}

    def output(self, name, value, magnitude, terms, float32):
        """`float32` is PyTorch's float32 result, which must keep the bound."""
        gamma = terms * UNIT / (1 - terms * UNIT)
        error = (float32.double() - value).abs()
        assert bool((error <= gamma * magnitude).all()), (self.fields, name)
        self.outputs[name] = {"shape": list(value.shape), "terms": terms,
                              "value": listed(value),
                              "magnitude": listed(magnitude * 1.001, 4)}

    def json(self):
        return {**self.fields, "inputs": self.inputs, "outputs": self.outputs}


def gradients(function, inputs, output_gradient):
    """function(*inputs), and the gradient of each input."""
    inputs = [value.clone().requires_grad_() for value in inputs]
    output = function(*inputs)
    output.backward(output_gradient.to(output.dtype))
    return [output.detach()] + [value.grad for value in inputs]


def single(tensors):
    return [tensor.float() for tensor in tensors]


def linear_case(case, function, inputs, names, terms, values_of=None):
    """An operation that is linear in each of its inputs: the magnitude of every
    result is the same operation on absolute values. `values_of` differs from
    `function` where a sign decides: then it says what the values are, and
    `function` remembers what was decided."""
    values_of = values_of or function
    output_gradient = random(*function(*inputs).shape)
    results = gradients(values_of, inputs, output_gradient)
    magnitudes = gradients(function, [value.abs() for value in inputs],
                           output_gradient.abs())
    rounded = gradients(values_of, single(inputs), output_gradient.float())
    for name, value in zip(names, inputs):
        case.input(name, value)
    case.input("output_gradient", output_gradient)
    results_names = ["output"] + [f"{name}_gradient" for name in names]
    for name, value, magnitude, count, float32 in zip(
            results_names, results, magnitudes, terms, rounded):
        case.output(name, value, magnitude, count, float32)
    return case.json()


# --- layers -------------------------------------------------------------------

def convolution_inputs(shape, filters, kernel):
    return [random(*shape), random(filters, shape[1], *kernel), random(filters)]


def convolution_terms(output, filters, kernel):
    """Of output and gradients; one more where a bias is added."""
    per_filter = output[0] * output[2] * output[3]
    area = kernel[0] * kernel[1]
    return [filters[1] * area + 1, filters[0] * area, per_filter, per_filter]


def convolution(shape, filters, kernel, stride, padding):
    inputs = convolution_inputs(shape, filters, kernel)

    def run(image, weight, bias):
        return F.conv2d(image, weight, bias, stride, padding)

    case = Case(f"conv2d {kernel[0]}x{kernel[1]}, stride {stride}, "
                f"padding {padding}", "conv2d", stride=stride, padding=padding)
    terms = convolution_terms(run(*inputs).shape, inputs[1].shape, kernel)
    return linear_case(case, run, inputs, ["input", "weight", "bias"], terms)


def convolution_block(shape, filters, padding):
    """ReLU and 2x2 max pooling on top. Which pixels win must not hang on a
    rounding: the winner of a window has to lead clearly."""
    kernel = (3, 3)
    while True:
        inputs = convolution_inputs(shape, filters, kernel)
        before = F.conv2d(*inputs, 1, padding)
        if clear_winners(before):
            break
    pooled, winners = F.max_pool2d(F.relu(before), 2, return_indices=True)
    alive = (pooled > 0).double()

    def chosen(image, weight, bias):
        full = F.conv2d(image, weight, bias, 1, padding).flatten(2)
        return full.gather(2, winners.flatten(2)).view(winners.shape) * \
            alive.to(full.dtype)

    def run(image, weight, bias):
        return F.max_pool2d(F.relu(F.conv2d(image, weight, bias, 1, padding)), 2)

    case = Case("conv2d, ReLU, 2x2 maximum", "conv_block", stride=1,
                padding=padding)
    terms = convolution_terms(before.shape, inputs[1].shape, kernel)
    return linear_case(case, chosen, inputs, ["input", "weight", "bias"], terms,
                       run)


def clear_winners(before, margin=1e-3):
    """True when no 2x2 window's maximum after ReLU hangs on a rounding."""
    best = F.unfold(before.flatten(0, 1).unsqueeze(1), 2, stride=2)
    best = best.sort(dim=1, descending=True).values
    leads = (best[:, 0] - best[:, 1] > margin) | (best[:, 0] < -margin)
    return bool((leads & (best[:, 0].abs() > margin)).all())


def dense(batch, inputs, outputs):
    values = [random(batch, inputs), random(outputs, inputs), random(outputs)]
    return linear_case(Case("dense", "dense"), F.linear, values,
                       ["input", "weight", "bias"],
                       [inputs + 1, outputs, batch, batch])


def relu(shape):
    image = random(*shape)
    image[image == 0] = 0.5  # where the derivative is a matter of taste
    alive = (image > 0).double()
    return linear_case(Case("ReLU", "relu"),
                       lambda value: value * alive.to(value.dtype), [image],
                       ["input"], [1, 1], F.relu)


def max_pool(shape, size, stride):
    """Distinct numbers, so that every window has one maximum."""
    count = torch.Size(shape).numel()
    order = torch.randperm(count, generator=generator).double()
    image = ((order - count // 3) / 64).view(shape)
    pooled, winners = F.max_pool2d(image, size, stride, return_indices=True)

    def chosen(value):
        return value.flatten(2).gather(2, winners.flatten(2)).view(pooled.shape)

    case = Case(f"max_pool2d {size}, stride {stride}", "max_pool", size=size,
                stride=stride)
    # Where windows overlap, a pixel may win all that it lies in.
    overlapping = (-(-size // stride)) ** 2
    return linear_case(case, chosen, [image], ["input"], [1, overlapping],
                       lambda value: F.max_pool2d(value, size, stride))


def average_pool(shape, size, stride):
    case = Case(f"average_pool2d {size}, stride {stride}", "average_pool",
                size=size, stride=stride)
    overlapping = (-(-size // stride)) ** 2
    return linear_case(case, lambda value: F.avg_pool2d(value, size, stride),
                       [random(*shape)], ["input"],
                       [size * size + 1, overlapping + 1])


def flatten(shape):
    return linear_case(Case("flatten", "flatten"),
                       lambda value: value.flatten(1), [random(*shape)],
                       ["input"], [1, 1])


# --- batch normalisation --------------------------------------------------------

def per_channel(values, image):
    return values.view(1, -1, *[1] * (image.dim() - 2))


def batch_norm_magnitudes(image, scale, shift, output_gradient):
    """First-order bounds of what rounding can do, each a multiple of gamma.

    Let A = |x| + mean |x|. Then x - mean is off by gamma A, and the variance by
    2 gamma mean(A^2): that covers mean((x - mean)^2) as well as mean(x^2) -
    mean^2. So the reciprocal deviation is off by gamma R times itself, where R =
    mean(A^2) / (variance + epsilon) >= 1, and the normalised x by gamma N with
    N = (A + |x - mean| R) / deviation. The gradients are sums of products of
    these."""
    axes = [axis for axis in range(image.dim()) if axis != 1]

    def mean(value):
        return value.mean(axes, keepdim=True)

    variance = image.var(axes, unbiased=False, keepdim=True)
    inverse = (variance + EPSILON).rsqrt()
    size = image.abs() + mean(image.abs())
    doubt = mean(size ** 2) / (variance + EPSILON)
    normalised = (size + (image - mean(image)).abs() * doubt) * inverse
    slope, gradient = per_channel(scale, image).abs(), output_gradient.abs()
    input_gradient = slope * inverse * (1 + doubt) * (
        gradient + mean(gradient) + normalised * mean(gradient * normalised))
    return {"output": slope * normalised + per_channel(shift, image).abs(),
            "input_gradient": input_gradient,
            "scale_gradient": (gradient * normalised).sum(axes),
            "shift_gradient": gradient.sum(axes),
            "running_mean": image.abs().mean(axes),
            "running_variance": (size ** 2).mean(axes)}


def batch_norm_inputs(shape):
    channels = shape[1]
    return {"input": random(*shape), "scale": random(channels, low=0.5),
            "shift": random(channels), "running_mean": random(channels),
            "running_variance": random(channels, low=0.5)}


def batch_norm_results(inputs, output_gradient, after):
    """Training: forward, backward, and the running statistics afterwards."""
    running = [inputs["running_mean"].clone(), inputs["running_variance"].clone()]

    def run(image, scale, shift):
        return after(F.batch_norm(image, *running, scale, shift, True, MOMENTUM,
                                  EPSILON))

    names = ["output", "input_gradient", "scale_gradient", "shift_gradient"]
    results = gradients(run, [inputs[name] for name in
                              ("input", "scale", "shift")], output_gradient)
    return {**dict(zip(names, results)), "running_mean": running[0],
            "running_variance": running[1]}


def batch_norm(shape, pooled=False):
    """Training; with `pooled`, ReLU and 2x2 max pooling on top."""

    def pool(value):
        return F.max_pool2d(F.relu(value), 2, return_indices=True)

    while True:
        inputs = batch_norm_inputs(shape)
        plain = batch_norm_results(inputs, torch.zeros(shape), lambda y: y)
        if not pooled or clear_winners(plain["output"]):
            break
    if not pooled:
        spread = output_gradient = random(*shape)
    else:
        values, winners = pool(plain["output"])
        output_gradient = random(*values.shape)
        # What reaches the normalisation: each window's gradient at its winner.
        spread = torch.zeros(shape, dtype=torch.float64).flatten(2).scatter_(
            2, winners.flatten(2),
            (output_gradient * (values > 0)).flatten(2)).view(shape)

    def after(output):
        return pool(output)[0] if pooled else output

    results = batch_norm_results(inputs, output_gradient, after)
    float32 = batch_norm_results({name: value.float() for name, value in
                                  inputs.items()}, output_gradient, after)
    magnitudes = batch_norm_magnitudes(
        inputs["input"], inputs["scale"], inputs["shift"], spread)
    if pooled:
        # The clear lead of the winners decides, not their magnitude.
        magnitudes["output"] = magnitudes["output"].flatten(2).gather(
            2, winners.flatten(2)).view(winners.shape)
    for name in ("running_mean", "running_variance"):
        magnitudes[name] = inputs[name].abs() + magnitudes[name]

    kind = "1d" if len(shape) == 2 else "2d"
    case = Case(f"batch_norm{kind}" + (", ReLU, 2x2 maximum" if pooled else ""),
                "batch_norm_block" if pooled else "batch_norm",
                momentum=MOMENTUM, epsilon=EPSILON)
    for name, value in inputs.items():
        case.input(name, value)
    case.input("output_gradient", output_gradient)
    # Sums over the batch, two of which may meet, and a handful of operations.
    terms = 2 * (inputs["input"].numel() // shape[1]) + 8
    for name, value in results.items():
        case.output(name, value, magnitudes[name], terms, float32[name])
    return case.json()


def batch_norm_inference(shape):
    inputs = batch_norm_inputs(shape)
    inputs["running_variance"] = inputs["running_variance"].abs() + 0.25

    def run(kind):
        image, scale, shift, mean, variance = (
            value.to(kind) for value in inputs.values())
        return F.batch_norm(image, mean, variance, scale, shift, False, 0,
                            EPSILON)

    image = inputs["input"]
    slope = per_channel(inputs["scale"].abs() /
                        (inputs["running_variance"] + EPSILON).sqrt(), image)
    magnitude = slope * (image.abs() + per_channel(inputs["running_mean"].abs(),
                                                   image)) \
        + per_channel(inputs["shift"].abs(), image)
    kind = "1d" if len(shape) == 2 else "2d"
    case = Case(f"batch_norm{kind}, inference", "batch_norm_inference",
                epsilon=EPSILON)
    for name, value in inputs.items():
        case.input(name, value)
    # Sum, square root, quotient, two products, two sums.
    case.output("output", run(torch.float64), magnitude, 8, run(torch.float32))
    return case.json()


# --- the loss -------------------------------------------------------------------

def softmax_cross_entropy(batch, classes, offset):
    """`offset` lifts all logits of a row: without subtracting the maximum,
    exp() would overflow."""
    logits = random(batch, classes, low=-3.0, high=4.0) + offset
    labels = torch.randint(classes, (batch,), generator=generator)

    def run(values):
        values = values.clone().requires_grad_()
        F.cross_entropy(values, labels).backward()
        losses = F.cross_entropy(values, labels, reduction="sum")
        return losses.detach().reshape(1), values.grad

    # exp(z - max) is off by gamma (1 + |z - max|) times itself, hence so is the
    # sum of them, and so is a probability; the logarithm turns that relative
    # error into an absolute one.
    below = (logits - logits.max(1, keepdim=True).values).abs()
    doubt = 1 + below.max(1, keepdim=True).values
    loss_size = (doubt.squeeze(1) + below.gather(1, labels.view(-1, 1)).squeeze(1)
                 + (-below).exp().sum(1).log().abs())
    right = F.one_hot(labels, classes).double()
    gradient_size = (logits.softmax(1) * (doubt + below) + right) / batch
    case = Case(f"softmax_cross_entropy, logits near {offset}",
                "softmax_cross_entropy", labels=labels.tolist())
    case.input("logits", logits)
    results, float32 = run(logits), run(logits.float())
    case.output("loss", results[0], loss_size.sum().reshape(1),
                classes + batch + 6, float32[0])
    case.output("logit_gradient", results[1], gradient_size, classes + 8,
                float32[1])
    return case.json()


def layers():
    return [convolution((2, 3, 7, 5), 5, (3, 3), 1, 0),
            convolution((3, 2, 9, 8), 3, (3, 3), 2, 1),
            convolution((1, 3, 8, 11), 2, (5, 5), 3, 2),
            convolution((2, 5, 5, 3), 7, (1, 1), 1, 0),
            convolution_block((3, 2, 9, 7), 5, 1),
            convolution_block((2, 1, 8, 9), 17, 0),
            dense(5, 13, 7), dense(1, 33, 3),
            relu((2, 3, 5, 3)), relu((5, 7, 1, 1)),
            max_pool((2, 3, 7, 5), 2, 2), max_pool((2, 2, 8, 7), 3, 2),
            average_pool((2, 3, 7, 5), 2, 2), average_pool((2, 2, 8, 7), 3, 2),
            flatten((3, 5, 3, 2)),
            batch_norm((7, 5)), batch_norm((3, 5, 4, 3)),
            batch_norm((3, 5, 7, 5), pooled=True),
            batch_norm_inference((3, 5)), batch_norm_inference((2, 5, 3, 4)),
            softmax_cross_entropy(5, 7, 0), softmax_cross_entropy(3, 10, 1000)]


# --- ten steps of training --------------------------------------------------------

STEPS, BATCHES, ORDERS = 10, 3, 16
SGD = {"lr": 0.0625, "momentum": 0.875, "weight_decay": 0.015625}
IMAGE, CLASSES = (7, 2, 9, 7), 3


def small_network():
    nn = torch.nn
    return nn.Sequential(nn.Conv2d(2, 3, 3, padding=1), nn.BatchNorm2d(3),
                         nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                         nn.Linear(3 * 4 * 3, 5), nn.ReLU(),
                         nn.Linear(5, CLASSES)).double()


def state_of(model):
    return {name: value.clone() for name, value in model.state_dict().items()
            if not name.endswith("num_batches_tracked")}


def decided(state, images):
    """True when no ReLU and no maximum of a step hangs on a rounding, and no
    picture is lost on the way."""
    model = small_network()
    model.load_state_dict(state, strict=False)
    normalised = model[:2](images)
    hidden = model[2:6](normalised)
    return clear_winners(normalised, 1e-4) and bool(
        (hidden.abs() > 1e-4).all() and (hidden > 0).any(1).all())


def train(state, batches, kind=torch.float64, order=None):
    """The state after each step, the losses, and logits in inference mode.
    `order` is in which order a batch's pictures come: another order of the same
    sums."""
    model = small_network().to(kind)
    model.load_state_dict(state, strict=False)
    optimiser = torch.optim.SGD(model.parameters(), **SGD)
    losses, states = [], []
    for step in range(STEPS):
        images, labels = batches[step % BATCHES]
        if order is not None:
            images, labels = images[order], labels[order]
        optimiser.zero_grad()
        loss = F.cross_entropy(model(images.to(kind)), labels)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        states.append(state_of(model))
    model.eval()
    with torch.no_grad():
        return states, losses, model(batches[0][0].to(kind))


def deviations(state, batches):
    """How far PyTorch's float32 is from its float64 after each step, array by
    array: the largest of ORDERS runs that differ only in the order of sums."""
    exact_states, exact_losses, exact_logits = train(state, batches)
    largest = [{name: 0.0 for name in step} for step in exact_states]
    loss_deviation, logit_deviation = [0.0] * STEPS, 0.0
    for _ in range(ORDERS):
        order = torch.randperm(IMAGE[0], generator=generator)
        states, losses, logits = train(state, batches, torch.float32, order)
        for step in range(STEPS):
            for name, value in states[step].items():
                off = (value.double() - exact_states[step][name]).abs().max()
                largest[step][name] = max(largest[step][name], off.item())
            loss_deviation[step] = max(loss_deviation[step], abs(
                losses[step] - exact_losses[step]))
        off = (logits.double() - exact_logits).abs().max()
        logit_deviation = max(logit_deviation, off.item())
    return largest, loss_deviation, logit_deviation


def beginning():
    """Batches, and the state that training starts from."""
    batches = [(random(*IMAGE), torch.randint(CLASSES, IMAGE[:1],
                                              generator=generator))
               for _ in range(BATCHES)]
    state = {name: random(*value.shape, low=-0.4, high=0.5, grid=1024)
             for name, value in state_of(small_network()).items()}
    state["1.weight"] = random(3, low=0.5, high=1.5)
    state["1.running_mean"] = torch.zeros(3, dtype=torch.float64)
    state["1.running_var"] = torch.ones(3, dtype=torch.float64)
    return batches, state


def training():
    while True:
        batches, state = beginning()
        states, losses, logits = train(state, batches)
        if all(decided(before, batches[step % BATCHES][0])
               for step, before in enumerate([state] + states[:-1])):
            break
    largest, loss_deviation, logit_deviation = deviations(state, batches)
    return {
        "input": list(IMAGE), "classes": CLASSES,
        "rate": SGD["lr"], "momentum": SGD["momentum"],
        "weight_decay": SGD["weight_decay"],
        "batches": [{"images": listed(images), "labels": labels.tolist()}
                    for images, labels in batches],
        "start": {name: listed(value) for name, value in state.items()},
        "steps": [{"loss": losses[step],
                   "loss_deviation": float(f"{loss_deviation[step]:.3g}"),
                   "state": {name: listed(value)
                             for name, value in states[step].items()},
                   "deviation": {name: float(f"{value:.3g}") for name, value in
                                 largest[step].items()}}
                  for step in range(STEPS)],
        "inference": {"logits": listed(logits),
                      "deviation": float(f"{logit_deviation:.3g}")}}


# --- files ------------------------------------------------------------------------

def text(value, indent=0):
    """JSON with one line for each list of numbers."""
    pad = " " * indent
    if isinstance(value, dict):
        lines = [f'{pad} "{key}": {text(item, indent + 1).lstrip()}'
                 for key, item in value.items()]
        return pad + "{\n" + ",\n".join(lines) + f"\n{pad}}}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return pad + "[\n" + ",\n".join(text(item, indent + 1)
                                        for item in value) + f"\n{pad}]"
    return pad + json.dumps(value, separators=(",", ":")).replace(".0,", ",")


def write(name, content):
    made = {"made_by": f"PyTorch {torch.__version__}, float64, by make_golden.py"}
    path = FOLDER / name
    path.write_text(text({**made, **content}) + "\n")
    print(f"{name}: {path.stat().st_size} bytes")


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    write("layers.json", {"cases": layers()})
    write("training.json", training())


if __name__ == "__main__":
    main()
