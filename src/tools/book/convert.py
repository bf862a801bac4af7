"""Executed notebooks as plain HTML, in one process: reads lines `NOTEBOOK<TAB>TARGET` and answers each with `done TARGET` when it is written."""
import sys
from pathlib import Path

import nbformat
from nbconvert.exporters import HTMLExporter



def last_state(text):
    """A terminal's text as it looks at the end: a line that was written over shows its last state, as a progress bar does."""
    return "\n".join(line.rstrip("\r").split("\r")[-1] for line in text.split("\n"))


exporter = HTMLExporter(template_name="layerwise-page", extra_template_basedirs=[str(Path(__file__).parent / "template")])
for line in sys.stdin:
    source, target = line.rstrip("\n").split("\t")
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = last_state(output.text)
    body, _ = exporter.from_notebook_node(notebook)
    aside = Path(target + ".part")
    aside.write_text(body, encoding="utf8")
    aside.rename(target)
    print(f"done {target}", flush=True)
