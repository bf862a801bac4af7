"""Values and gradients of graph mode's fused operations, and first steps of the benchmark's models, from PyTorch and Keras: test/golden/graph.json

    python -m venv env && env/bin/pip install -r test/support/tensorflow-requirements.txt && env/bin/pip install -r test/bench/torch-requirements.txt && env/bin/python test/golden/graph.py

Weights and data of the models come from a formula, so that they need no file: number(k, i) below.
"""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
import graph_keras  # noqa: E402
import graph_torch  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from torch.nn import functional  # noqa: E402

torch.manual_seed(0)
STEPS = 4


def nested(tensor):
    return tensor.detach().tolist()


def attention():
    q, k, v = (torch.randn(2, 5, 6, requires_grad=True) for _ in range(3))
    heads = 2
    split = lambda x: x.view(2, 5, heads, 3).transpose(1, 2)  # noqa: E731
    mixed = functional.scaled_dot_product_attention(split(q), split(k), split(v), is_causal=True).transpose(1, 2).reshape(2, 5, 6)
    mixed.square().sum().backward()
    return {"heads": heads, "q": nested(q), "k": nested(k), "v": nested(v), "mixed": nested(mixed), "dq": nested(q.grad), "dk": nested(k.grad), "dv": nested(v.grad)}


def layer_norm():
    x, gain, shift = torch.randn(4, 7, requires_grad=True), torch.randn(7, requires_grad=True), torch.randn(7, requires_grad=True)
    y = functional.layer_norm(x, [7], gain, shift)
    y.square().sum().backward()
    return {"x": nested(x), "gain": nested(gain), "shift": nested(shift), "y": nested(y), "dx": nested(x.grad), "dgain": nested(gain.grad), "dshift": nested(shift.grad)}


def numbers(k, *shape):
    """Numbers in [-1, 1) that look random."""
    scattered = np.sin(12.9898 * (np.arange(np.prod(shape)) + 1) + 78.233 * (k + 1)) * 43758.5453
    return (2 * (scattered - np.floor(scattered)) - 1).reshape(shape)


def weight(k, shape, is_gain=False):
    values = numbers(k, *shape)
    given = np.prod(shape[:2] if shape[-1] == 1 else shape[:-1])
    scaled = 1 + 0.1 * values if is_gain else 0.1 * values if len(shape) < 2 else 1.5 * values / np.sqrt(given)
    return scaled.astype("float32")


def whole(k, below, *shape):
    return np.floor(np.abs(numbers(k, *shape)) * below).astype("int32")


def in_order(model):
    """Layers by kind, then as they were made; models number their layers in different orders."""
    kinds = ["Conv2D", "DepthwiseConv2D", "BatchNormalization", "Dense", "LSTM", "GRU", "Embedding"]
    made = lambda layer: int("0" + layer.name.rpartition("_")[2] if layer.name[-1].isdigit() and "_" in layer.name else 0)  # noqa: E731
    layers = [layer for layer in model.layers if type(layer).__name__ in kinds]
    return sorted(layers, key=lambda layer: (kinds.index(type(layer).__name__), made(layer)))


def keras_losses(row):
    build, batch, shape, optimizer, targets, tokens = graph_keras.ROWS[row]
    keras.backend.clear_session()
    model = build(reset_after=False) if row == "gru" else build()
    k = 0
    for layer in in_order(model):
        for variable in layer.trainable_weights:
            variable.assign(weight(k, tuple(variable.shape), variable.name == "gamma"))
            k += 1
    if targets is None:
        features = model(numbers(1000, 2, *shape).astype("float32"), training=False).numpy()
        return features[:, :8].ravel().tolist()
    x = whole(1000, tokens, batch, *shape) if tokens else numbers(1000, batch, *shape).astype("float32")
    y = np.eye(targets, dtype="float32")[whole(1001, targets, batch)]
    # Keras adds Adam's epsilon before it corrects the bias; TensorFlow.js and PyTorch after. PyTorch's values below are for Adam.
    optimizer = keras.optimizers.SGD(0.01, momentum=0.9) if optimizer is graph_keras.adam else optimizer()
    model.compile(optimizer=optimizer, loss="categorical_crossentropy")
    return [float(np.ravel(model.train_on_batch(x, y))[0]) for _ in range(STEPS)]


def torch_losses(row):
    given = graph_keras.ROWS[row]
    k = iter(range(1000))
    into = lambda parameter, shape, is_gain=False: parameter.data.copy_(torch.from_numpy(weight(next(k), shape, is_gain) if parameter.shape == torch.Size(shape) else weight_t(next(k), shape)))  # noqa: E731
    weight_t = lambda i, shape: np.ascontiguousarray(weight(i, shape).T)  # noqa: E731

    def linear(layer):
        shape = (layer.in_features, layer.out_features)
        layer.weight.data.copy_(torch.from_numpy(weight_t(next(k), shape)))
        into(layer.bias, (shape[1],))

    def norm(layer):
        into(layer.weight, tuple(layer.weight.shape), True)
        into(layer.bias, tuple(layer.bias.shape))

    if row == "dense":
        model = torch.nn.Sequential(torch.nn.Linear(784, 512), torch.nn.ReLU(), torch.nn.Linear(512, 10))
        linear(model[0])
        linear(model[2])
        x, y = torch.from_numpy(numbers(1000, 128, 784).astype("float32")), torch.from_numpy(whole(1001, 10, 128)).long()
    else:
        model = graph_torch.Transformer(given["blocks"], given["width"], given["length"])
        into(model.tokens.weight, tuple(model.tokens.weight.shape))
        into(model.positions, tuple(model.positions.shape))
        norm(model.stack[-2])
        linear(model.stack[-1])
        for block in model.stack[: given["blocks"]]:
            norm(block.first)
            linear(block.qkv)
            linear(block.out)
            norm(block.second)
            linear(block.up)
            linear(block.down)
        ids = torch.from_numpy(whole(1000, 64, given["batch"], given["length"] + 1)).long()
        x, y = ids[:, :-1], ids[:, 1:]
    # The gradient of the keys' bias is 0 but for rounding, which Adam would blow up to whole steps.
    rule = (lambda weights: torch.optim.Adam(weights, eps=1e-7)) if row == "dense" else (lambda weights: torch.optim.SGD(weights, 0.1, 0.9))
    step = graph_torch.training(model, x, y, rule)
    return [step() for _ in range(STEPS)]


golden = {
    "attention": attention(),
    "layerNorm": layer_norm(),
    "keras": {row: keras_losses(row) for row, given in graph_keras.ROWS.items() if not isinstance(given, dict)},
    "torch": {row: torch_losses(row) for row in ["dense", "transformer-2", "transformer-4"]},
}
Path(__file__).with_name("graph.json").write_text(json.dumps(golden) + "\n")
