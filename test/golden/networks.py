"""Golden values for test/parts/autodiff, test/parts/nn and test/parts/metrics, from PyTorch 2.13.0 (CPU) and scikit-learn 1.7.2.

    python -m venv build/golden && build/golden/bin/pip install -r test/golden/requirements.txt
    build/golden/bin/python test/golden/networks.py
"""
import csv
import json
from pathlib import Path

import numpy as np
import torch
from sklearn import metrics
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).parent
torch.set_default_dtype(torch.float64)
rounds = np.random.default_rng(0)


def plain(x):
    return x.tolist() if hasattr(x, "tolist") else x


def autodiff():
    """Expressions that use a value more than once, as functions of two numbers; the TypeScript test writes them again."""
    expressions = {
        "polynomial": lambda x, y: x**3 + y**2 + x * y,
        "reuse": lambda x, y: (x * y + x) * (x * y - y) + (x * y) ** 2,
        "quotient": lambda x, y: (x - y) / (x * x + y * y + 1),
        "activations": lambda x, y: torch.tanh(x * y) * torch.sigmoid(x - y) + torch.relu(y - x) * x,
        "logarithm": lambda x, y: torch.log(torch.exp(x) + torch.exp(y)) - 3 * x,
    }
    points = [(0.7, -1.2), (2.0, 0.5), (-1.5, -0.3), (0.1, 3.0)]
    rows = []
    for name, f in expressions.items():
        for px, py in points:
            x, y = torch.tensor(px, requires_grad=True), torch.tensor(py, requires_grad=True)
            value = f(x, y)
            value.backward()
            rows.append({"name": name, "x": px, "y": py, "value": value.item(), "gradient": [x.grad.item(), y.grad.item()]})
    return rows


def functions():
    z = torch.tensor([-800.0, -40.0, -2.0, -0.5, 0.3, 1.0, 40.0, 800.0])
    rows = {}
    for name, f in {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu, "leakyRelu": lambda t: torch.nn.functional.leaky_relu(t, 0.01)}.items():
        t = z.clone().requires_grad_(True)
        value = f(t)
        value.sum().backward()
        rows[name] = {"value": plain(value.detach()), "derivative": plain(t.grad)}
    labels = torch.tensor([0.0, 1, 0, 1, 1, 0, 1, 0])
    logits = torch.tensor([[5.0, 2, -1, 3], [900, 0, -900, 1], [0.1, 0.2, 0.3, 0.4]])
    classes = torch.tensor([0, 3, 2])
    return {
        "z": plain(z),
        "activations": rows,
        "labels": plain(labels),
        "binaryCrossEntropyFromLogits": torch.nn.functional.binary_cross_entropy_with_logits(z, labels).item(),
        "logits": plain(logits),
        "classes": plain(classes),
        "softmax": plain(torch.softmax(logits, 1)),
        "categoricalCrossEntropyFromLogits": torch.nn.functional.cross_entropy(logits, classes).item(),
    }


def networks():
    cases = []
    for output in ("softmax", "sigmoid", "linear"):
        sizes = [3, 4, 4, 3]
        layers = [{"weights": rounds.normal(size=(i, o)), "biases": rounds.normal(size=o)} for i, o in zip(sizes, sizes[1:])]
        x = rounds.normal(size=(5, 3))
        classes = [0, 2, 1, 1, 0]
        y = np.eye(3)[classes] if output != "linear" else rounds.normal(size=(5, 3))
        tensors = [{name: torch.tensor(value, requires_grad=True) for name, value in layer.items()} for layer in layers]
        a = torch.tensor(x)
        for i, layer in enumerate(tensors):
            z = a @ layer["weights"] + layer["biases"]
            a = torch.tanh(z) if i < len(tensors) - 1 else z
        target = torch.tensor(y)
        functional = torch.nn.functional
        loss = {
            "softmax": lambda: functional.cross_entropy(a, torch.tensor(classes)),
            "sigmoid": lambda: functional.binary_cross_entropy_with_logits(a, target, reduction="sum") / 5,
            "linear": lambda: ((a - target) ** 2).sum() / 10,
        }[output]()
        loss.backward()
        cases.append({
            "output": output,
            "sizes": sizes,
            "x": plain(x),
            "y": plain(y),
            "layers": [{name: plain(value) for name, value in layer.items()} for layer in layers],
            "loss": loss.item(),
            "gradients": [{name: plain(value.grad) for name, value in layer.items()} for layer in tensors],
        })
    return cases


def logistic():
    with open(HERE.parents[1] / "data" / "insurance.csv") as file:
        rows = list(csv.DictReader(file))
    age = StandardScaler().fit_transform([[float(row["age"])] for row in rows])
    bought = [int(row["bought"]) for row in rows]
    informative, labels = make_classification(n_samples=80, n_features=4, n_informative=4, n_redundant=0, flip_y=0.15, random_state=1)
    cases = []
    for name, x, y in (("insurance", age, bought), ("informative", StandardScaler().fit_transform(informative), labels)):
        solver = LogisticRegression(penalty=None, tol=1e-12, max_iter=100_000).fit(x, y)
        cases.append({"name": name, "x": plain(x), "y": plain(y), "weights": plain(solver.coef_[0]), "bias": solver.intercept_[0].item()})
    return cases


def measures():
    y = rounds.integers(0, 2, 40)
    scores = np.round(np.clip(0.3 * y + rounds.normal(0.4, 0.25, 40), 0.1, 0.9), 1)
    predicted = (scores > 0.5).astype(int)
    many, guess = rounds.integers(0, 4, 60), rounds.integers(0, 4, 60)
    false_positives, true_positives, thresholds = metrics.roc_curve(y, scores, drop_intermediate=False)
    probabilities = rounds.dirichlet(np.ones(4), 60)
    return {
        "y": plain(y),
        "scores": plain(scores),
        "precision": metrics.precision_score(y, predicted),
        "recall": metrics.recall_score(y, predicted),
        "f1": metrics.f1_score(y, predicted),
        "roc": [plain(false_positives), plain(true_positives), plain(thresholds[1:])],
        "auc": metrics.roc_auc_score(y, scores),
        "logLoss": metrics.log_loss(y, scores),
        "many": plain(many),
        "guess": plain(guess),
        "confusion": plain(metrics.confusion_matrix(many, guess)),
        "f1Each": plain(metrics.f1_score(many, guess, average=None)),
        "probabilities": plain(probabilities),
        "logLossMany": metrics.log_loss(many, probabilities),
    }


for name, make in {"autodiff": autodiff, "functions": functions, "networks": networks, "logistic": logistic, "metrics": measures}.items():
    (HERE / f"{name}.json").write_text(json.dumps(make(), separators=(",", ":")) + "\n")
