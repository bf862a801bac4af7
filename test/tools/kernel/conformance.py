"""jupyter_kernel_test with every sample filled in, against the kernelspec that learners get.

    .venv/bin/python test/tools/kernel/conformance.py
"""
import json
import random
import unittest

import jupyter_kernel_test

FRAMES = 10_000
SEED = 7
PATIENCE = 60


def is_idle(message, request):
    """Whether a message says that all of a request is done."""
    return message["parent_header"].get("msg_id") == request and message["content"].get("execution_state") == "idle"


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

    # The library takes 0.1 s without a message for the end, or for a failure: a busy machine is silent for longer. Here
    # the last message says that it is the last.

    def flush_channels(self):
        request = self.kc.kernel_info()
        while self.kc.get_shell_msg(timeout=PATIENCE)["parent_header"].get("msg_id") != request:
            pass
        while not is_idle(self.kc.get_iopub_msg(timeout=PATIENCE), request):
            pass

    def execute_helper(self, *args, **kwargs):
        channel = self.kc.iopub_channel
        get_msg = channel.get_msg
        channel.get_msg = lambda timeout: get_msg(timeout=PATIENCE)
        try:
            return super().execute_helper(*args, **kwargs)
        finally:
            del channel.get_msg


del LayerwiseKernel.code_page_something


def hostile(session, draw, sent):
    """One message that no good client sends: its class, channel and frames."""

    def signed(msg_type, content, parent=None):
        return session.serialize(session.msg(msg_type, content, parent))

    def resigned(parts):
        return [b"<IDS|MSG>", session.sign(parts), *parts]

    junk = draw.randbytes(draw.randrange(1, 200))
    header = json.dumps(session.msg_header("execute_request"), default=str).encode()
    kinds = {
        "no delimiter": lambda: [junk, junk],
        "bad signature": lambda: [b"<IDS|MSG>", b"0" * 64, header, b"{}", b"{}", b'{"code": "process.exit()"}'],
        "too few frames": lambda: [b"<IDS|MSG>", *([junk] * draw.randrange(0, 4))],
        "malformed JSON": lambda: resigned([header, b"{", junk, b"]"]),
        "wrong shape": lambda: resigned([draw.choice([b"[]", b"null", b"{}", b'{"msg_id": 1}']), b"{}", b"{}", draw.choice([b"[]", b"3", b'"text"'])]),
        "unknown type": lambda: signed(draw.choice(["constructor", "__proto__", "toString", "debug_request", "no_such_request"]), {"x": 1}),
        "wrong fields": lambda: signed(draw.choice(["complete_request", "inspect_request", "is_complete_request", "history_request", "execute_request", "comm_info_request"]), {"code": draw.choice([None, 5, [], {}]), "cursor_pos": draw.choice([-5, 10**9, "x", None]), "n": "many", "hist_access_type": draw.choice([None, 7, "?"]), "silent": True, "target_name": 4}),
        "wrong order": lambda: signed(draw.choice(["input_reply", "comm_msg", "comm_close", "execute_reply", "status"]), {"value": "x", "comm_id": "never-opened", "data": {}}),
        "a repeat": lambda: draw.choice(sent) if sent else [junk],
        "extra frames": lambda: [*signed("comm_info_request", {}), junk, b"", junk],
        "oversized": lambda: [b"<IDS|MSG>", b"0" * 64, header, b"{}", b"{}", b"[" * draw.randrange(100_000, 400_000)],
    }
    kind = draw.choices(list(kinds), weights=[1 if name == "oversized" else 10 for name in kinds])[0]
    return kind, draw.choice(["shell", "control", "stdin"]), kinds[kind]()


class AfterHostileFrames(LayerwiseKernel):
    """The same tests, on a process that was sent 10,000 hostile frames before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        draw = random.Random(SEED)
        sockets = {"shell": cls.kc.shell_channel.socket, "control": cls.kc.control_channel.socket, "stdin": cls.kc.stdin_channel.socket}
        cls.pid = cls.km.provisioner.process.pid
        seen, sent = set(), []
        for _ in range(FRAMES):
            kind, channel, frames = hostile(cls.kc.session, draw, sent)
            sockets[channel].send_multipart(frames)
            seen.add(kind)
            if kind in ("unknown type", "wrong order") and len(sent) < 100:
                sent.append(frames)
        assert len(seen) >= 8, seen
        # All that was answered is read before the tests begin.
        request = cls.kc.session.msg("kernel_info_request", {})
        cls.kc.shell_channel.send(request)
        while cls.kc.get_shell_msg(timeout=120)["parent_header"].get("msg_id") != request["header"]["msg_id"]:
            pass
        while cls.kc.control_channel.socket.poll(200):
            cls.kc.control_channel.socket.recv_multipart()
        while cls.kc.iopub_channel.socket.poll(500):
            cls.kc.iopub_channel.socket.recv_multipart()

    def test_the_process_is_the_same(self):
        self.assertEqual(self.km.provisioner.process.pid, self.pid)
        self.assertIsNone(self.km.provisioner.process.poll())

if __name__ == "__main__":
    unittest.main(verbosity=2)
