"""Values and gradients of attention with masks, and its weights, from PyTorch: test/golden/attention.json

    python -m venv env && env/bin/pip install -r test/bench/torch-requirements.txt && env/bin/python test/golden/attention.py
"""
import json
from pathlib import Path

import torch
from torch.nn import functional

torch.manual_seed(0)
BATCH, QUERIES, KEYS, WIDTH, HEADS = 2, 4, 5, 6, 2


def nested(tensor):
    return tensor.detach().tolist()


def drawn():
    return [torch.randn(BATCH, length, WIDTH, requires_grad=True) for length in (QUERIES, KEYS, KEYS)]


def case(mask, visible):
    """Values by scaled_dot_product_attention; `visible` is the mask as [batch or 1, queries, keys]."""
    q, k, v = drawn()
    split = lambda x: x.view(BATCH, -1, HEADS, WIDTH // HEADS).transpose(1, 2)  # noqa: E731
    output = functional.scaled_dot_product_attention(split(q), split(k), split(v), attn_mask=visible.unsqueeze(1))
    output = output.transpose(1, 2).reshape(BATCH, QUERIES, WIDTH)
    output.square().sum().backward()
    return {"mask": mask.int().tolist(), "q": nested(q), "k": nested(k), "v": nested(v), "output": nested(output), "gradients": [nested(x.grad) for x in (q, k, v)]}


def weighed(padding):
    """Output and weights by MultiheadAttention with projections that change nothing; gradients of a loss of both."""
    layer = torch.nn.MultiheadAttention(WIDTH, HEADS, bias=False, batch_first=True)
    layer.in_proj_weight.data = torch.eye(WIDTH).repeat(3, 1)
    layer.out_proj.weight.data = torch.eye(WIDTH)
    q, k, v = drawn()
    hidden = ~torch.ones(QUERIES, KEYS, dtype=torch.bool).tril()
    output, weights = layer(q, k, v, key_padding_mask=~padding, attn_mask=hidden, need_weights=True, average_attn_weights=False)
    (output.square().sum() + weights.pow(3).sum()).backward()
    return {"mask": padding.int().tolist(), "q": nested(q), "k": nested(k), "v": nested(v), "output": nested(output), "weights": nested(weights), "gradients": [nested(x.grad) for x in (q, k, v)]}


by_key = torch.tensor([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0]]).bool()
by_query = torch.rand(BATCH, QUERIES, KEYS) < 0.5
by_query[..., 2] = True
golden = {
    "heads": HEADS,
    "byKey": case(by_key, by_key.unsqueeze(1).expand(BATCH, QUERIES, KEYS)),
    "byQuery": case(by_query, by_query),
    "forAll": case(by_query[:1], by_query[:1]),
    "causalWithWeights": weighed(torch.tensor([[1, 1, 0, 1, 1], [1, 0, 1, 0, 1]]).bool()),
}
Path(__file__).with_name("attention.json").write_text(json.dumps(golden) + "\n")
