"""Answers lines such as {"row": "dense", "steps": 30} with the milliseconds of a step, as graph-worker.mjs does; the first answer for a row also has those of the first step, which compiles what is compiled."""
import json
import sys
import time

WARM_UP = 5


def timed(step, count):
    started = time.perf_counter()
    for _ in range(count):
        step()
    return (time.perf_counter() - started) * 1000


def serve(make_step, clear=lambda: None):
    made = {}
    for line in sys.stdin:
        told = json.loads(line)
        row = told["row"]
        if told.get("close"):
            made.pop(row, None)
            clear()
            print("{}", flush=True)
            continue
        first = 0
        if row not in made:
            made[row] = make_step(row)
            first = timed(made[row], 1)
            timed(made[row], WARM_UP)
        print(json.dumps({"ms": timed(made[row], told["steps"]) / told["steps"], "first": first}), flush=True)
