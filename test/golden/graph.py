"""Values and gradients of graph mode's fused operations, and first steps of the benchmark's models, from PyTorch and Keras: test/golden/graph.json

    python -m venv env && env/bin/pip install -r test/bench/requirements.txt && env/bin/python test/golden/graph.py
"""
import json
from pathlib import Path

import torch
from torch.nn import functional

torch.manual_seed(0)


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


golden = {"attention": attention(), "layerNorm": layer_norm()}
Path(__file__).with_name("graph.json").write_text(json.dumps(golden) + "\n")
