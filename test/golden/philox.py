"""Golden values for test/parts/random/philox.test.ts, from TensorFlow 2.21.

    python -m venv env && env/bin/pip install -r test/support/tensorflow-requirements.txt && env/bin/python test/golden/philox.py
"""
import json
from pathlib import Path

import tensorflow as tf

SEEDS = [(0, 0), (1, 2), (-1, 7), (2**31 - 1, -(2**31)), (123456789, -987654321)]
COUNTS = [1, 3, 4, 9]

golden = [
    {
        "seed": seed,
        "count": count,
        "uniform": tf.raw_ops.StatelessRandomUniform(shape=[count], seed=seed, dtype=tf.float32).numpy().tolist(),
        "normal": tf.raw_ops.StatelessRandomNormal(shape=[count], seed=seed, dtype=tf.float32).numpy().tolist(),
    }
    for seed in SEEDS
    for count in COUNTS
]
Path(__file__).with_suffix(".json").write_text(json.dumps(golden) + "\n")
