"""Loads what export-models.mjs wrote in Python's TensorFlow and converts it to TensorFlow Lite; both must predict what TypeScript did: python exported.py FOLDER"""
import json
import os
import sys
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402


def tensors(noted):
    return {item["name"]: np.array(item["values"], "float32").reshape(item["shape"]) for item in noted}


def worst(made, expected):
    """The largest difference, in parts of the largest number where that is above 1."""
    differences = [0.0]
    for name, values in expected.items():
        if tuple(made[name].shape) != values.shape:
            raise ValueError(f"{name} has the shape {made[name].shape}, expected {values.shape}")
        differences.append(float(np.abs(made[name] - values).max() / max(1.0, np.abs(values).max())))
    return max(differences)


def check(folder):
    cases = json.loads(folder.with_suffix(".json").read_text())
    loaded = tf.saved_model.load(str(folder)).signatures["serving_default"]
    lite = tf.lite.Interpreter(model_content=tf.lite.TFLiteConverter.from_saved_model(str(folder)).convert()).get_signature_runner()
    for case in cases:
        given, expected = tensors(case["inputs"]), tensors(case["outputs"])
        yield "TensorFlow", worst({name: value.numpy() for name, value in loaded(**{name: tf.constant(value) for name, value in given.items()}).items()}, expected)
        yield "TensorFlow Lite", worst(lite(**given), expected)


status = 0
for noted in sorted(Path(sys.argv[1]).glob("*.json")):
    try:
        results = list(check(noted.with_suffix("")))
        bad = [f"{where} is off by {difference:.1e}" for where, difference in results if not difference <= 1e-5]
        print(f"[fail] {noted.stem}: {'; '.join(bad)}" if bad else f"[ok] {noted.stem}: at most {max(difference for _, difference in results):.1e} off", flush=True)
        status |= bool(bad)
    except Exception as error:  # noqa: BLE001
        print(f"[fail] {noted.stem}: {error}", flush=True)
        status = 1
sys.exit(status)
