"""What JupyterLab's menu "Save and Export Notebook As" and `jupyter nbconvert` make: pages by our template, which hold all that they need, and PDFs of these pages."""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from nbconvert.exporters import HTMLExporter
from traitlets import default

VENV = Path(sys.prefix)
PRINTER = VENV.parent / "src" / "dist" / "tools" / "book" / "site" / "print-page.js"
KERNEL = VENV / "share" / "jupyter" / "kernels" / "tslab" / "kernel.json"


class PageExporter(HTMLExporter):
    """A notebook as one HTML file that works offline."""

    @default("template_name")
    def _template_name_default(self):
        return "layerwise"

    @default("embed_images")
    def _embed_images_default(self):
        return True


class PrintedExporter(PageExporter):
    """That page as Chromium prints it. Fails with what to do where there is no Chromium."""

    export_from_notebook = "PDF"
    output_mimetype = "application/pdf"

    def from_notebook_node(self, nb, resources=None, **kw):
        page, resources = super().from_notebook_node(nb, resources, **kw)
        node = json.loads(KERNEL.read_text(encoding="utf8"))["argv"][0]
        with tempfile.TemporaryDirectory(prefix="layerwise-") as folder:
            source, target = Path(folder, "page.html"), Path(folder, "page.pdf")
            source.write_text(page, encoding="utf8")
            printed = subprocess.run([node, PRINTER, source, target, resources["metadata"]["name"]], capture_output=True, encoding="utf8")
            if printed.returncode != 0:
                raise RuntimeError(printed.stderr.strip())
            return target.read_bytes(), {**resources, "output_extension": ".pdf"}
