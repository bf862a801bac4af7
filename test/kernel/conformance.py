"""jupyter_kernel_test with every sample filled in, against the kernelspec that learners get.

    .venv/bin/python test/kernel/conformance.py
"""
import unittest

import jupyter_kernel_test


class LayerwiseKernel(jupyter_kernel_test.KernelTests):
    kernel_name = "tslab"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('to stderr')"
    completion_samples = [
        {"text": "Math.sq", "matches": {"sqrt"}},
        {"text": "JSON.str", "matches": {"stringify"}},
    ]
    complete_code_samples = ["1", "const a = 1;", "function f() { return 1; }", "`open ${1} closed`"]
    incomplete_code_samples = ["function f() {", "[1, 2", "const s = `open", "if (true) {", "f("]
    invalid_code_samples = ["const = 1;", "let 1x = 2;\n1", "}"]
    code_page_something = ""
    code_generate_error = "throw new Error('on purpose')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "[1, 2].map((n) => n + 1)", "result": "[ 2, 3 ]"},
        {"code": "await Promise.resolve('late')", "result": "'late'"},
    ]
    code_display_data = [
        {"code": "import { showHtml } from 'layerwise/display';\nshowHtml('<b>bold</b>');", "mime": "text/html"},
        {"code": "import { showImage } from 'layerwise/display';\nshowImage({ pixels: [0, 255], height: 1, width: 2 }, { alt: 'two pixels' });", "mime": "text/html"},
    ]
    code_history_pattern = "6 ?*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "parseInt"
    code_clear_output = "import { clearOutput } from 'layerwise/display';\nclearOutput();"


del LayerwiseKernel.code_page_something

if __name__ == "__main__":
    unittest.main(verbosity=2)
