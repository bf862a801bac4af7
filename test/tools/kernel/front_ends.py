"""What front ends rely on when they start, show and stop: JupyterLab's "ready", and what VS Code's notebooks read of a kernel.

    cd notebooks && ../.venv/bin/python ../test/tools/kernel/front_ends.py
"""
import os
import sys
import unittest
from pathlib import Path

import psutil
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from behavior import Kernel

TIMEOUT = 60


def processor_time(manager):
    times = psutil.Process(manager.provisioner.process.pid).cpu_times()
    return times.user + times.system


def matching(get, msg_id):
    while True:
        message = get(timeout=TIMEOUT)
        if message["parent_header"].get("msg_id") == msg_id:
            return message


class Ready(unittest.TestCase):
    """Who hears of the kernel can run cells: what is slow once has been done."""

    def first_cell(self, wait):
        manager = KernelManager(kernel_name="tslab")
        manager.start_kernel()
        client = manager.client()
        client.start_channels()
        try:
            wait(client)
            before = processor_time(manager)
            reply = matching(client.get_shell_msg, client.execute("const first = 1; first"))
            self.assertEqual(reply["content"]["status"], "ok")
            # Reading the compiler's libraries takes more than starting up does; a cell after that, some hundredths of it.
            self.assertLess(processor_time(manager) - before, before / 4)
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)

    def test_when_it_has_answered_on_the_shell_channel(self):
        self.first_cell(lambda client: matching(client.get_shell_msg, client.kernel_info()))

    def test_when_it_has_answered_on_the_control_channel(self):
        def ask(client):
            request = client.session.msg("kernel_info_request")
            client.control_channel.send(request)
            matching(client.get_control_msg, request["header"]["msg_id"])

        self.first_cell(ask)


class Specification(unittest.TestCase):
    def test_lies_in_the_python_environment_and_says_how_to_start_and_stop(self):
        spec = KernelSpecManager().get_kernel_spec("tslab")
        self.assertTrue(Path(spec.resource_dir).is_relative_to(sys.prefix))
        self.assertEqual((spec.language, spec.interrupt_mode, spec.display_name), ("typescript", "message", "TypeScript (Layerwise)"))
        self.assertEqual([part for part in spec.argv if part == "{connection_file}"], ["{connection_file}"])
        # VS Code leaves out kernels whose program it can't find.
        self.assertTrue(os.path.isabs(spec.argv[0]) and os.access(spec.argv[0], os.X_OK))


class Notebooks(Kernel):
    def shown(self, code):
        reply, messages = self.run_cell(code)
        self.assertEqual(reply["status"], "ok", reply)
        return [m["content"]["data"] for m in messages if "data" in m["content"]]

    def test_the_language_is_one_that_editors_know(self):
        info = matching(self.client.get_shell_msg, self.client.kernel_info())["content"]["language_info"]
        self.assertEqual((info["name"], info["file_extension"]), ("typescript", ".ts"))

    def test_figures_tables_and_images_come_in_formats_that_renderers_take(self):
        setup = "import { show } from 'layerwise/display';\nimport { line } from 'layerwise/plot';\n"
        [figure] = self.shown(setup + "show(line({ title: 'Rising', alt: 'A line that rises from one to two between zero and one.', xLabel: 'x', yLabel: 'y', series: [{ name: 's', x: [0, 1], y: [1, 2] }] }));")
        self.assertEqual(set(figure), {"application/vnd.plotly.v1+json", "text/plain"})
        self.assertEqual(set(figure["application/vnd.plotly.v1+json"]) & {"data", "layout"}, {"data", "layout"})
        [table] = self.shown("import { showTable } from 'layerwise/display';\nshowTable([{ city: 'Oslo', degrees: 4 }]);")
        self.assertEqual(set(table), {"text/html", "text/plain"})
        self.assertNotIn("<script", table["text/html"])

    def test_the_stop_button_s_message_ends_a_cell(self):
        msg_id = self.client.execute("console.log('looping');\nfor (;;) {}")
        while matching(self.client.get_iopub_msg, msg_id)["msg_type"] != "stream":
            pass
        self.interrupt()
        self.assertEqual(matching(self.client.get_shell_msg, msg_id)["content"]["status"], "error")
        self.assertEqual(self.value("1 + 1"), "2")


if __name__ == "__main__":
    unittest.main(verbosity=2)
