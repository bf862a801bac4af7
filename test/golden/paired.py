"""Golden values for test/parts/experiments/paired-differences.test.ts, from SciPy 1.16.1.

    build/golden-venv/bin/python test/golden/paired.py
"""
import json
from pathlib import Path

import numpy as np
from scipy.stats import ttest_rel

random = np.random.default_rng(17)
golden = []
for n in (3, 4, 5, 6, 10, 11, 30, 101):
    for shift in (0.0, 0.3, -0.8, 4.0):
        baseline = random.normal(size=n)
        values = baseline + random.normal(shift, 1.0, size=n)
        result = ttest_rel(values, baseline)
        differences = values - baseline
        golden.append({
            "values": values.tolist(),
            "baseline": baseline.tolist(),
            "mean": float(differences.mean()),
            "standardError": float(differences.std(ddof=1) / np.sqrt(n)),
            "wins": int((differences > 0).sum()),
            "pValue": float(result.pvalue),
        })
(Path(__file__).parent / "paired.json").write_text(json.dumps(golden, indent=1) + "\n")
