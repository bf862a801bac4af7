"""Runs one notebook on its kernel and tells how far it is, one JSON object a line.

usage: execute.py NOTEBOOK OUTPUT KERNEL FOLDER CELL_SECONDS
"""
import asyncio
import json
import os
import signal
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError


def tell(event, **details):
    print(json.dumps({"event": event, **details}), flush=True)


async def run(client, notebook):
    async with client.async_setup_kernel():
        for index, cell in enumerate(notebook.cells):
            tell("cell", index=index)
            try:
                await client.async_execute_cell(cell, index)
            except DeadKernelError:
                return {"kind": "death", "cell": index, "message": "the kernel died"}
            except CellTimeoutError:
                return {"kind": "timeout", "cell": index, "message": f"the cell ran for more than {client.timeout} s"}
            except CellExecutionError as error:
                return {"kind": "error", "cell": index, "message": str(error)}
    return None


def end_with_kernel(client):
    """The kernel runs in a session of its own: whoever ends this process must end it too."""

    def end(number, frame):
        process = getattr(getattr(client.km, "provisioner", None), "process", None)
        if process is not None:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        os._exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)


def forget_widgets(notebook):
    """Widgets end with the kernel: the pictures beside them stay."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if len(output.get("data", {})) > 1:
                output["data"].pop("application/vnd.jupyter.widget-view+json", None)


def main():
    source, target, kernel, folder, seconds = sys.argv[1:6]
    notebook = nbformat.read(source, as_version=4)
    client = NotebookClient(
        notebook,
        kernel_name=kernel,
        timeout=int(seconds),
        resources={"metadata": {"path": folder}},
        raise_on_iopub_timeout=True,
        coalesce_streams=True,
        store_widget_state=False,
    )
    end_with_kernel(client)
    failure = None
    try:
        failure = asyncio.run(run(client, notebook))
    except Exception as error:  # whatever a kernel that won't start or stop raises
        failure = {"kind": "kernel", "cell": None, "message": f"{type(error).__name__}: {error}"}
    forget_widgets(notebook)
    nbformat.write(notebook, target)
    tell("end", failure=failure)


main()
