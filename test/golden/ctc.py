"""Losses and gradients of PyTorch's ctc_loss: test/golden/ctc.json

    python -m venv env && env/bin/pip install -r test/bench/torch-requirements.txt && env/bin/python test/golden/ctc.py
"""
import json
from pathlib import Path

import torch
from torch.nn import functional

torch.manual_seed(0)
ROWS, TIME, CLASSES = 6, 9, 5


def case(blank):
    # A repeated class, one without labels, one that fits barely, one too long, one too long by its repetition alone.
    classes = [c for c in range(CLASSES) if c != blank]
    a, b, c, d = classes
    labels = torch.tensor([[a, b, c, d], [b, b, a, 0], [0, 0, 0, 0], [a, b, a, b], [a, b, c, d], [c, c, d, a]])
    label_lengths = torch.tensor([4, 3, 0, 4, 4, 3])
    input_lengths = torch.tensor([9, 7, 5, 4, 3, 3])
    logits = (2 * torch.randn(ROWS, TIME, CLASSES)).double().requires_grad_()
    log_probabilities = functional.log_softmax(logits, -1).transpose(0, 1)
    losses = functional.ctc_loss(log_probabilities, labels, input_lengths, label_lengths, blank=blank, reduction="none", zero_infinity=True)
    (losses * torch.arange(1, ROWS + 1)).sum().backward()
    return {
        "blank": blank,
        "logits": logits.tolist(),
        "labels": labels.tolist(),
        "labelLengths": label_lengths.tolist(),
        "inputLengths": input_lengths.tolist(),
        "losses": losses.tolist(),
        "gradient": logits.grad.tolist(),
    }


cases = [case(0), case(4), case(2)]
Path(__file__).with_suffix(".json").write_text(json.dumps(cases) + "\n")
