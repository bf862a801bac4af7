"""Exports scikit-learn's toy sets to data/*.csv: features first, the target last.

    python -m venv build/sklearn && build/sklearn/bin/pip install scikit-learn==1.7.2
    build/sklearn/bin/python data/make/sklearn_sets.py
"""
from pathlib import Path
from sklearn import datasets

here = Path(__file__).resolve().parent.parent


def text(value):
    return repr(int(value)) if float(value) == int(value) else repr(float(value))


def write(name, columns, rows):
    lines = [",".join(columns)] + [",".join(text(v) for v in row) for row in rows]
    (here / f"{name}.csv").write_text("\n".join(lines) + "\n")


def export(name, loaded, target, columns=None):
    names = columns or [str(c).replace(" (cm)", "_cm").replace(" ", "_").replace("/", "_") for c in loaded.feature_names]
    write(name, [*names, target], ([*x, y] for x, y in zip(loaded.data, loaded.target)))


export("digits", datasets.load_digits(), "digit", [f"pixel_{row}_{column}" for row in range(8) for column in range(8)])
export("iris", datasets.load_iris(), "species")
export("wine", datasets.load_wine(), "grower")
export("breast-cancer", datasets.load_breast_cancer(), "benign")
export("diabetes", datasets.load_diabetes(scaled=False), "progression")
