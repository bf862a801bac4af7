"""Golden values for test/parts/data/scale.test.ts, from scikit-learn 1.7.2.

    build/sklearn/bin/python test/golden/scaling.py
"""
import json
from pathlib import Path

import numpy as np
from sklearn.datasets import load_iris
from sklearn.preprocessing import MinMaxScaler, StandardScaler

x = load_iris().data
train, test = x[::3], x[1::3][:5]
golden = {
    name: {"offset": offset.tolist(), "scale": scale.tolist(), "test": scaler.transform(test).tolist()}
    for name, scaler in (("standard", StandardScaler().fit(train)), ("minMax", MinMaxScaler().fit(train)))
    for offset, scale in [(scaler.mean_, scaler.scale_) if name == "standard" else (scaler.data_min_, scaler.data_range_)]
}
(Path(__file__).parent / "scaling.json").write_text(json.dumps(golden, indent=1) + "\n")
