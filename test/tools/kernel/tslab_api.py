"""Notebooks that learners bring from tslab: what they print and show under our kernel is what they print and show under plain tslab.

    cd notebooks && ../.venv/bin/python ../test/tools/kernel/tslab_api.py
"""
import os
import re
import unittest
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[3]
os.environ["JUPYTER_PATH"] = os.pathsep.join([str(ROOT / "build" / "jupyter"), os.environ.get("JUPYTER_PATH", "")])
COLOR = re.compile(r"\x1b\[[0-9;]*m")


def run(name, kernel):
    notebook = nbformat.read(ROOT / "test" / "tools" / "kernel" / "tslab" / f"{name}.ipynb", as_version=4)
    NotebookClient(notebook, kernel_name=kernel, timeout=120, allow_errors=True, resources={"metadata": {"path": str(ROOT / "notebooks")}}).execute()
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def text(cell):
    """What a cell prints: plain tslab prints the last expression's value too, ours makes it a result, with a text in quotes."""
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            parts.append(output.text)
        elif output.output_type == "execute_result":
            parts.append(re.sub(r"^'(.*)'$", r"\1", output.data["text/plain"]) + "\n")
    return COLOR.sub("", "".join(parts))


def complaint(cell):
    return COLOR.sub("", "".join(output.text if output.output_type == "stream" else "\n".join(output.traceback) for output in cell.outputs))


class TslabNotebooks(unittest.TestCase):
    maxDiff = None

    def same(self, name):
        ours, theirs = run(name, "tslab"), run(name, "tslab-plain")
        for mine, its in zip(ours, theirs, strict=True):
            with self.subTest(name, cell=mine.id):
                self.assertEqual([o for o in mine.outputs if o.output_type == "error"], [])
                self.assertEqual(text(mine), text(its))
                shown = [[(o.data, o.metadata) for o in cell.outputs if o.output_type == "display_data"] for cell in (mine, its)]
                self.assertEqual(*shown)
        return ours

    def test_first_steps(self):
        shown = [output.data for cell in self.same("getting-started") for output in cell.outputs if output.output_type == "display_data"]
        # Every method, and what an update leaves: plain tslab alone is no proof that anything was shown.
        self.assertEqual(shown[0], {"text/html": "This is <em>emphasized</em>"})
        self.assertEqual(len({kind for bundle in shown for kind in bundle}), 12)
        self.assertIn({"text/plain": "100 %"}, shown)
        self.assertNotIn({"text/plain": "20 %"}, shown)

    def test_tensorflow(self):
        *_, last = self.same("tensorflow")
        self.assertIn('alt="vertical"', last.outputs[0].data["text/html"])

    def test_errors_say_what_plain_tslab_says_and_the_notebook_goes_on(self):
        for mine, its in zip(run("errors", "tslab"), run("errors", "tslab-plain"), strict=True):
            with self.subTest(cell=mine.id):
                place, _, message = complaint(its).strip().partition(" - ")
                self.assertIn(message or place, complaint(mine))
                self.assertIn(place, complaint(mine))


if __name__ == "__main__":
    unittest.main(verbosity=2)
