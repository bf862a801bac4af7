"""Latency and memory of this course's kernel beside plain tslab, Deno's kernel and ipykernel, in one run: npm run bench:kernel

Medians, in milliseconds where nothing else is said. The machine should be quiet. Deno comes from PyPI, into build/bench, on demand.
"""
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import psutil
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import start_new_kernel

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "build" / "bench"
ROUNDS = 5
TARGETS = {"start to ready (s)": 1.2, "first cell after ready": 300, "trivial cell": 8, "cell after importing TensorFlow": 25, "completion on tf.": 30, "1 MB of output": 15, "idle memory (MiB)": 200, "top-level loop / loop in a function": 3}


def deno_spec():
    """Installs Deno, pinned by hash, and returns the folder of its kernelspec."""
    python = BENCH / "deno" / "bin" / "python"
    if not python.exists():
        print("installing Deno into build/bench …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", BENCH / "deno"], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", Path(__file__).with_name("deno-requirements.txt")], check=True)
    folder = BENCH / "jupyter" / "kernels" / "deno"
    folder.mkdir(parents=True, exist_ok=True)
    spec = {"argv": [str(python.parent / "deno"), "jupyter", "--kernel", "--conn", "{connection_file}"], "display_name": "Deno", "language": "typescript", "env": {"DENO_NO_UPDATE_CHECK": "1"}}
    (folder / "kernel.json").write_text(json.dumps(spec))


class Cells:
    def __init__(self, name):
        start = time.perf_counter()
        self.manager, self.client = start_new_kernel(kernel_name=name)
        self.started = time.perf_counter() - start
        self.process = psutil.Process(self.manager.provisioner.process.pid)

    def run(self, code):
        start = time.perf_counter()
        reply = self.client.execute_interactive(code, output_hook=lambda message: None, allow_stdin=False, timeout=120)
        assert reply["content"]["status"] == "ok", (code, reply["content"])
        return (time.perf_counter() - start) * 1000

    def median(self, codes):
        return statistics.median(self.run(code) for code in codes)

    def complete(self, code):
        start = time.perf_counter()
        self.client.complete(code, len(code))
        self.client.get_shell_msg(timeout=60)
        return (time.perf_counter() - start) * 1000

    def memory(self):
        return sum(p.memory_info().rss for p in [self.process, *self.process.children(recursive=True)]) / 2**20

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def measure(name):
    python = name == "python3"
    typescript = not python
    starts, firsts = [], []
    for _ in range(ROUNDS):
        cells = Cells(name)
        starts.append(cells.started)
        firsts.append(cells.run("1;" if typescript else "1"))
        if len(starts) < ROUNDS:
            cells.close()
    row = {"start to ready (s)": statistics.median(starts), "first cell after ready": statistics.median(firsts), "start to first result (s)": statistics.median(start + first / 1000 for start, first in zip(starts, firsts))}
    cells.median(["1;" if typescript else "1"] * 5)
    time.sleep(4)
    row["idle memory (MiB)"] = cells.memory()
    row["trivial cell"] = cells.median([f"const a{i} = {i};" if typescript else f"a{i} = {i}" for i in range(21)])
    big = "console.log('x'.repeat(1_000_000));" if typescript else "print('x' * 1_000_000)"
    row["1 MB of output"] = cells.median([big] * 7)
    n = 5_000_000
    top = f"let s = 0; for (let i = 0; i < {n}; i++) {{ s += i; }}" if typescript else f"s = 0\nfor i in range({n}): s += i"
    inside = f"function loop() {{ let s = 0; for (let i = 0; i < {n}; i++) {{ s += i; }} return s; }}\nconst r = loop();" if typescript else f"def loop():\n    s = 0\n    for i in range({n}): s += i\n    return s\nr = loop()"
    base = row["trivial cell"]
    row["top-level loop / loop in a function"] = max(0.1, cells.median([top] * 5) - base) / max(0.1, cells.median([inside] * 5) - base)
    if typescript and name != "deno":
        cells.run("import * as tf from '@tensorflow/tfjs-node';")
        cells.median([f"const w{i} = tf.scalar({i});" for i in range(5)])
        row["cell after importing TensorFlow"] = cells.median([f"const t{i} = {i};" for i in range(21)])
        row["cell that uses TensorFlow"] = cells.median([f"const u{i} = tf.scalar({i}).add(1);" for i in range(21)])
        row["completion on tf."] = statistics.median(cells.complete("tf.") for _ in range(9))
    cells.close()
    return row


def main():
    deno_spec()
    os.environ["JUPYTER_PATH"] = os.pathsep.join([str(ROOT / "build" / "jupyter"), str(BENCH / "jupyter"), os.environ.get("JUPYTER_PATH", "")])
    os.chdir(ROOT / "notebooks")
    known = KernelSpecManager().find_kernel_specs()
    names = [name for name in ("tslab", "tslab-plain", "deno", "python3") if name in known]
    rows = {}
    for name in names:
        print(f"measuring {name} …", flush=True)
        rows[name] = measure(name)
    titles = list(dict.fromkeys(title for row in rows.values() for title in row))
    print(f"\n{'':38}{'target':>8}" + "".join(f"{name:>14}" for name in names))
    for title in titles:
        cells = "".join(f"{rows[name][title]:14.1f}" if title in rows[name] else f"{'–':>14}" for name in names)
        print(f"{title:38}{TARGETS.get(title, ''):>8}{cells}")


main()
