"""Runs 2,000 cells and prints what resident memory is after the first 300, and how what lies outside of V8's heap grows: the slope of a line through what was measured after the first 500.
Then 1,000 more, and how much more is alive: V8 optimizes nothing by then, so that what grows is kept by us (for example what history remembers of cells).

    cd notebooks && ../.venv/bin/python ../test/tools/kernel/soak.py
"""
import statistics
import sys

import psutil
from jupyter_client.manager import start_new_kernel

CELLS, WARM_UP, EVERY, MOST_MB, MORE_CELLS = 2000, 500, 50, 1.0, 1000
FIRST, AIM_AT_FIRST_MB, MOST_AT_FIRST_MB = 300, 700, 800
KINDS = [
    "total = total + 1; total",
    "const again = [total, 2, 3].map((n) => n * 2); again.length",
    "function shout(text: string): string { return text.toUpperCase(); }\nconsole.log(shout('line'));",
    "await Promise.resolve(total);",
    "class Pair { constructor(readonly a: number, readonly b: number) {} }\nnew Pair(1, total)",
    "tf.tidy(() => tf.ones([10, 10]).mul(total).sum().dataSync()[0])",
]

manager, client = start_new_kernel(kernel_name="tslab")
process = psutil.Process(manager.provisioner.process.pid)


def run(code):
    reply = client.execute_interactive(code, output_hook=lambda message: None, allow_stdin=False, timeout=60)
    assert reply["content"]["status"] == "ok", reply["content"]


def run_cells(count):
    for number in range(count):
        run(KINDS[number % len(KINDS)])


def printed(code):
    """The number that a cell prints."""
    texts = []
    client.execute_interactive(code, output_hook=lambda message: texts.append(message["content"].get("text", "")), allow_stdin=False, timeout=60)
    return float("".join(texts))


def outside():
    """The megabytes that are resident and no part of V8's heap, whose size goes up and down with what waits to be collected."""
    return printed("globalThis.gc?.();\nconst used = process.memoryUsage();\nconsole.log((used.rss - used.heapTotal) / 2 ** 20);")


def live():
    """The megabytes that are alive, in V8's heap and in buffers, once all that can be collected has been: code of earlier cells too, which V8 keeps a while in case that the same comes again."""
    return printed("const collector = new Collector(); collector.connect();\nfor (let i = 0; i < 4; i++) { collector.post('HeapProfiler.collectGarbage'); await new Promise((done) => setTimeout(done, 20)); }\ncollector.disconnect();\nconst used = process.memoryUsage();\nconsole.log((used.heapUsed + used.external) / 2 ** 20);")


def trend(points):
    """The slope of the line through these points, and its standard error."""
    x, y = zip(*points)
    slope, start = statistics.linear_regression(x, y)
    rest = sum((value - start - slope * place) ** 2 for place, value in points) / (len(points) - 2)
    return slope, (rest / (statistics.pvariance(x) * len(x))) ** 0.5


run("import * as tf from '@tensorflow/tfjs-node';\nimport { Session as Collector } from 'node:inspector';\nimport { setFlagsFromString } from 'node:v8';\nlet total = 0;")
points = []
for number in range(0, CELLS, EVERY):
    if number == FIRST:
        at_first = process.memory_info().rss / 2**20
    if number >= WARM_UP:
        points.append((number / 1000, outside()))
    run_cells(EVERY)
# From here on V8 optimizes nothing more: when it does so is chance. What a first collection takes from it, it compiles again.
run("setFlagsFromString('--no-opt');\nsetFlagsFromString('--no-sparkplug');")
live()
run_cells(MORE_CELLS // 2)
before = live()
run_cells(MORE_CELLS)
growth = live() - before
slope, error = trend(points)
client.stop_channels()
manager.shutdown_kernel(now=True)
print(f"{FIRST} cells: {at_first:.0f} MB (aim {AIM_AT_FIRST_MB}, at most {MOST_AT_FIRST_MB})")
print(f"{CELLS} cells: {slope:+.2f} ± {error:.2f} MB outside of the heap per 1,000 cells after the first {WARM_UP} (no more than {MOST_MB}, by three times that error); {points[0][1]:.0f} to {points[-1][1]:.0f} MB")
print(f"{MORE_CELLS} cells more: {growth:+.2f} MB alive (at most {MOST_MB})")
passed = at_first <= MOST_AT_FIRST_MB and slope - 3 * error <= MOST_MB and growth <= MOST_MB
print(f"Ran 1 test in soak\n{'OK' if passed else 'FAILED (failures=1)'}")
sys.exit(0 if passed else 1)
