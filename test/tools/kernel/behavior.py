"""What learners and tools rely on beyond jupyter_kernel_test, through a real client.

    cd notebooks && ../.venv/bin/python ../test/tools/kernel/behavior.py
"""
import os
import re
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path
from queue import Empty

import nbformat
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

TIMEOUT = 30


def reply_to(client, msg_id):
    """The reply to this request: on a busy machine the client has asked for the kernel's name more than once when it starts, and those answers come first."""
    while True:
        reply = client.get_shell_msg(timeout=TIMEOUT)
        if reply["parent_header"].get("msg_id") == msg_id:
            return reply["content"]


class Kernel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manager, cls.client = start_new_kernel(kernel_name="tslab")
        reply_to(cls.client, cls.client.comm_info())

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel(now=True)

    def collect(self, msg_id):
        """The iopub messages of a request, up to its idle."""
        messages = []
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return messages
            messages.append(message)

    def reply(self, msg_id):
        return reply_to(self.client, msg_id)

    def run_cell(self, code, **options):
        msg_id = self.client.execute(code, **options)
        messages = self.collect(msg_id)
        return self.reply(msg_id), messages

    def interrupt(self):
        """Asks for an interrupt; returns when the kernel has heard of it, so that what follows is not meant."""
        message = self.client.session.msg("interrupt_request", {})
        self.client.control_channel.send(message)
        while self.client.get_control_msg(timeout=TIMEOUT)["parent_header"]["msg_id"] != message["header"]["msg_id"]:
            pass

    @staticmethod
    def text(messages, name="stdout"):
        return "".join(m["content"]["text"] for m in messages if m["msg_type"] == "stream" and m["content"]["name"] == name)

    @staticmethod
    def result(messages):
        return next((m["content"]["data"]["text/plain"] for m in messages if m["msg_type"] == "execute_result"), None)

    def value(self, code):
        reply, messages = self.run_cell(code)
        self.assertEqual(reply["status"], "ok", reply)
        return self.result(messages)


class Cells(Kernel):
    def test_variables_functions_classes_and_types_are_carried_over(self):
        self.value("let total = 0; const step = 3; function more() { total += step; return total; }\nclass Point { constructor(readonly x: number) {} }\ninterface Named { name: string }\nenum Color { Red, Green }")
        self.assertEqual(self.value("more(); total = total + 10; more()"), "16")
        self.assertEqual(self.value("const p: Point = new Point(2); const n: Named = { name: 'a' }; [p.x, n.name, Color.Green]"), "[ 2, 'a', 1 ]")
        self.assertEqual(self.value("const { a, ...others } = { a: 1, b: 2 }; others"), "{ b: 2 }")

    def test_a_name_can_be_declared_again_with_another_type(self):
        self.value("const again = 1;")
        self.value("const again = 'text';")
        self.assertEqual(self.value("again.toUpperCase()"), "'TEXT'")

    def test_top_level_await_in_every_form(self):
        self.assertEqual(self.value("const late = await Promise.resolve(20);\nlet sum = 0;\nfor await (const v of [Promise.resolve(1), 2]) sum += v;\nsum + late"), "23")
        self.assertEqual(self.value("const wait = async () => 5;\n(await wait()) + 1"), "6")

    def test_names_like_the_kernel_s_own_are_free(self):
        self.assertEqual(self.value("const __a = 1; const exports_ = 2; const require_ = 3; __a + exports_ + require_"), "6")

    def test_text_that_looks_like_an_export_stays(self):
        self.assertEqual(self.value("const kept = 1; 'exports.kept ' + kept"), "'exports.kept 1'")

    def test_packages_and_files_of_the_project_are_imported_and_edits_are_seen(self):
        helper = Path("kernel-test-helper.ts")
        try:
            helper.write_text("export const version: number = 1;\n")
            self.assertEqual(self.value("import { version } from './kernel-test-helper';\nversion"), "1")
            helper.write_text("export const version: number = 2;\nexport const added = true;\n")
            os.utime(helper, (time.time() + 5, time.time() + 5))
            self.assertEqual(self.value("import { version as second, added } from './kernel-test-helper';\n[second, added]"), "[ 2, true ]")
            self.assertEqual(self.value("import { generator } from 'layerwise/random';\ngenerator(1).integer(1)"), "0")
        finally:
            helper.unlink()

    def test_edited_sources_of_the_package_are_seen_without_a_build(self):
        source = Path("../src/parts/random/index.ts")
        content = source.read_text()
        times = source.stat()
        try:
            source.write_text(content + "export const editedJustNow = 42;\n")
            self.assertEqual(self.value("import { editedJustNow } from 'layerwise/random';\neditedJustNow + 1"), "43")
        finally:
            source.write_text(content)
            os.utime(source, ns=(times.st_atime_ns, times.st_mtime_ns))
        self.assertEqual(self.value("import { generator as compiled } from 'layerwise/random';\ntypeof compiled"), "'function'")

    def test_messages_name_types_not_paths(self):
        self.run_cell("class Shape { constructor(readonly sides: number) {} }\nconst shape = new Shape(3);")
        reply, _ = self.run_cell("const text: string = shape;")
        self.assertIn("Type 'Shape' is not assignable to type 'string'", reply["evalue"])

    def test_type_errors_in_imported_files_are_shown_in_the_file(self):
        helper = Path("kernel-test-broken.ts")
        try:
            helper.write_text("export const fine = 1;\nexport const wrong: number = 'a';\n")
            reply, _ = self.run_cell("import { fine } from './kernel-test-broken';\nfine")
            self.assertEqual(reply["status"], "error")
            self.assertIn("kernel-test-broken.ts:2:14 TS2322", reply["evalue"])
            self.assertIn("> 2 | export const wrong: number = 'a';", "\n".join(reply["traceback"]))
        finally:
            helper.unlink()

    def test_packages_that_are_modules_only_are_imported(self):
        self.assertEqual(self.value("import { expect } from 'chai';\ntypeof expect"), "'function'")
        self.assertEqual(self.value("const dynamic = await import('chai');\ntypeof dynamic.assert"), "'function'")

    def test_strict_types_are_enforced_and_the_cell_does_not_run(self):
        reply, messages = self.run_cell("console.log('ran');\nconst wrong: number = 'a';")
        self.assertEqual(reply["status"], "error")
        self.assertIn("TS2322", reply["evalue"])
        self.assertIn("line 2:7", reply["traceback"][0])
        self.assertEqual(self.text(messages), "")
        reply, _ = self.run_cell("function loose(x) { return x; }")
        self.assertIn("TS7006", reply["evalue"])

    def test_silent_and_unstored_cells_do_not_count(self):
        before, _ = self.run_cell("1;")
        reply, messages = self.run_cell("console.log('quiet'); 7", silent=True)
        self.assertEqual([m["msg_type"] for m in messages if m["msg_type"] != "status"], [])
        self.run_cell("2;", store_history=False)
        after, _ = self.run_cell("3;")
        self.assertEqual(after["execution_count"], before["execution_count"] + 1)

    def test_user_expressions_are_evaluated_one_by_one(self):
        reply, _ = self.run_cell("const seven = 7;", user_expressions={"good": "seven + 1", "bad": "nowhere"})
        self.assertEqual(reply["user_expressions"]["good"]["data"]["text/plain"], "8")
        self.assertEqual(reply["user_expressions"]["bad"]["status"], "error")


class Output(Kernel):
    def test_a_hundred_thousand_lines_of_one_loop_arrive_in_order_before_idle(self):
        reply, messages = self.run_cell("for (let i = 0; i < 100_000; i++) console.log(i);")
        self.assertEqual(reply["status"], "ok")
        self.assertEqual(self.text(messages), "".join(f"{i}\n" for i in range(100_000)))

    def test_streams_are_live_during_a_loop(self):
        msg_id = self.client.execute("console.log('early');\nconst until = Date.now() + 1500;\nwhile (Date.now() < until) {}\nconsole.log('late');")
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["msg_type"] == "stream":
                break
        self.assertEqual(message["content"]["text"], "early\n")
        with self.assertRaises(Empty):
            self.client.get_shell_msg(timeout=0)
        self.collect(msg_id)
        self.reply(msg_id)

    def test_what_fails_in_a_promise_that_nobody_awaits_names_the_cell_that_started_it(self):
        own = "setTimeout(() => { throw new Error('mine'); });"
        codes = ["import { readFile } from 'node:fs/promises';\nvoid readFile('/nowhere/at/all');", "import { createReadStream } from 'node:fs';\nimport { text } from 'node:stream/consumers';\nvoid text(createReadStream('/nowhere/at/all'));", "import * as zlib from 'node:zlib';\nimport { promisify } from 'node:util';\nvoid promisify(zlib.gunzip)(Buffer.from('no archive'));", own]
        for code in codes:
            with self.subTest(code=code):
                msg_id = self.client.execute(code)
                told = ""
                while not told.startswith("Uncaught"):
                    message = self.client.get_iopub_msg(timeout=TIMEOUT)
                    if message["msg_type"] == "stream":
                        told = message["content"]["text"]
                        self.assertEqual(message["parent_header"]["msg_id"], msg_id)
                cell = f"cell {self.reply(msg_id)['execution_count']}"
                self.assertEqual(f"started by {cell}" in told, code != own, told)
                self.assertIn(cell, told)

    def test_late_output_goes_to_the_cell_that_started_it(self):
        first = self.client.execute("setTimeout(() => console.log('from the first'), 150);")
        self.collect(first)
        self.reply(first)
        second = self.client.execute("await new Promise((resolve) => setTimeout(resolve, 600));\nconsole.log('from the second');")
        owners = {}
        while len(owners) < 2:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["msg_type"] == "stream":
                owners[message["content"]["text"].strip()] = message["parent_header"]["msg_id"]
        self.assertEqual(owners, {"from the first": first, "from the second": second})
        self.collect(second)
        self.reply(second)

    def test_displays_keep_their_id_and_are_updated(self):
        _, messages = self.run_cell("import { output, showProgress } from 'layerwise/display';\noutput({ 'text/plain': 'one', 'text/html': '<i>one</i>' }, { id: 'd', metadata: { k: 1 } });\noutput({ 'text/plain': 'two' }, { id: 'd', update: true });")
        shown = [m for m in messages if "display_data" in m["msg_type"]]
        self.assertEqual([m["msg_type"] for m in shown], ["display_data", "update_display_data"])
        self.assertEqual({m["content"]["transient"]["display_id"] for m in shown}, {"d"})
        self.assertEqual(shown[0]["content"]["data"], {"text/plain": "one", "text/html": "<i>one</i>"})
        self.assertEqual(shown[0]["content"]["metadata"], {"k": 1})

    def test_bytes_that_end_inside_a_character_are_joined(self):
        _, messages = self.run_cell("const bytes = Buffer.from('é 😀');\nfor (const byte of bytes) process.stdout.write(Buffer.from([byte]));\nprocess.stdout.write(Buffer.from([0xf0, 0x9f]));\nprocess.stdout.write(' | ');\nprocess.stdout.write(Buffer.from([0xc3]));")
        self.assertEqual(self.text(messages), "é 😀\ufffd | \ufffd")

    def test_children_that_share_the_process_s_output_write_into_the_cell(self):
        code = "import { execSync, spawn } from 'node:child_process';\n"
        _, messages = self.run_cell(code + "console.log('before');\nexecSync('printf \"é 😀 %s\\n\" $((6 * 7)); echo wrong >&2', { stdio: 'inherit' });\nconsole.log('after');")
        self.assertEqual((self.text(messages), self.text(messages, "stderr")), ("before\né 😀 42\nafter\n", "wrong\n"))
        _, messages = self.run_cell(code + "const child = spawn('seq', ['1', '100000'], { stdio: ['ignore', 'inherit', process.stderr] });\nawait new Promise((done) => child.on('close', done));")
        self.assertEqual(self.text(messages), "".join(f"{i}\n" for i in range(1, 100001)))
        _, messages = self.run_cell("import { spawnSync } from 'node:child_process';\nspawnSync('sh', ['-c', 'echo both; echo two >&2'], { stdio: [0, 2, 2] });")
        self.assertEqual((self.text(messages), self.text(messages, "stderr")), ("", "both\ntwo\n"))

    def test_what_is_written_to_the_file_descriptors_is_the_cell_s_output(self):
        code = "import * as fs from 'node:fs';\nimport { promisify } from 'node:util';\n"
        _, messages = self.run_cell(code + "const bytes = Buffer.from('-é😀-');\nconst counts = [fs.writeSync(1, 'a'), fs.writeSync(1, bytes, 1, 2), fs.writeSync(1, '4c5a', null, 'hex')];\nfor (let i = 3; i < bytes.length; i++) fs.writeSync(1, bytes, i, 1);\nfs.writevSync(2, [Buffer.from('one '), Buffer.from('two\\n')]);\ncounts")
        self.assertEqual((self.text(messages), self.text(messages, "stderr")), ("aéLZ😀-", "one two\n"))
        self.assertEqual([m["content"]["data"]["text/plain"] for m in messages if m["msg_type"] == "execute_result"], ["[ 1, 2, 2 ]"])
        _, messages = self.run_cell(code + "console.log('before');\nfs.writeFileSync(1, 'all', 'utf8'); fs.appendFileSync(2, 'more', { encoding: 'latin1' });\nconst { bytesWritten } = await promisify(fs.write)(1, Buffer.from('é'));\nawait new Promise<void>((done) => fs.createWriteStream('', { fd: 1, autoClose: false }).end('streamed', done));\nconsole.log(bytesWritten);")
        self.assertEqual((self.text(messages), self.text(messages, "stderr")), ("before\nalléstreamed2\n", "more"))
        reply, messages = self.run_cell("import { openSync, readFileSync, writeSync } from 'node:fs';\nconst name = `${process.env.TMPDIR ?? '/tmp'}/layerwise-descriptor-${process.pid}`;\nwriteSync(openSync(name, 'w'), 'in a file');\nconsole.log(readFileSync(name, 'utf8'));\nwriteSync(1, 5 as unknown as string);")
        self.assertEqual((self.text(messages), reply["ename"]), ("in a file\n", "TypeError"))

    def test_output_keeps_its_order_with_displays(self):
        _, messages = self.run_cell("import { showHtml } from 'layerwise/display';\nconsole.log('a'); showHtml('<b>b</b>'); console.log('c');")
        self.assertEqual([m["msg_type"] for m in messages if m["msg_type"] in ("stream", "display_data")], ["stream", "display_data", "stream"])

    def test_tensors_are_shown_without_a_leak(self):
        self.value("import * as tf from '@tensorflow/tfjs-node';\nconst x = tf.tensor1d([1, 2]);")
        self.assertEqual(self.value("x"), "Tensor float32, shape [2]\n[1, 2]")
        self.assertEqual(self.value("tf.memory().numTensors"), "1")

    def test_figures_images_sounds_and_instances_show_as_such(self):
        def types(code):
            _, messages = self.run_cell(code)
            return next(sorted(m["content"]["data"]) for m in messages if m["msg_type"] == "execute_result")

        self.assertEqual(types("({ data: [{ type: 'scatter', y: [1] }], layout: {} })"), ["application/vnd.plotly.v1+json", "text/plain"])
        self.assertEqual(types("import { encodePng } from 'layerwise/display';\nencodePng({ pixels: [0], height: 1, width: 1 })"), ["image/png", "text/plain"])
        self.assertEqual(types("Buffer.concat([Buffer.from('RIFF'), Buffer.alloc(4), Buffer.from('WAVE')])"), ["text/html", "text/plain"])
        self.assertEqual(types("import * as danfo from 'danfojs-node';\nnew danfo.Series([1, 2])"), ["text/html", "text/plain"])
        self.assertEqual(self.value("class Point { constructor(readonly x: number) {} }\nnew Point(3)"), "Point { x: 3 }")
        self.assertEqual(self.value("new Set([1, 'a'])"), "Set(2) { 1, 'a' }")
        self.assertIn("can't be shown", self.value("({ [Symbol.for('Jupyter.display')]() { throw new Error('no'); } })"))

    def test_large_and_circular_values_are_cut_with_a_note(self):
        self.assertIn("more items", self.value("Array.from({ length: 10_000 }, (_, i) => i)"))
        self.assertIn("[Circular *1]", self.value("const c: { self?: unknown } = {}; c.self = c; c"))
        self.assertEqual(self.value("10n ** 20n"), "100000000000000000000n")


class Values(Kernel):
    def test_promises_and_timers_are_printed_without_the_kernel_s_marks(self):
        _, messages = self.run_cell("class Later extends Promise<number> {}\nconst pending = new Promise(() => {});\nconsole.log(Promise.resolve(1)); console.log([pending], { failed: Promise.reject(new RangeError('no')).then(), own: Object.assign(Promise.resolve(2), { mine: 3, [Symbol('mine')]: 4 }) }, Later.resolve(5)); await 0;")
        # Node 24 writes symbols without brackets.
        printed = self.text(messages).replace(" Symbol(mine):", " [Symbol(mine)]:")
        self.assertTrue(printed.startswith("Promise { 1 }\n[ Promise { <pending> } ] {\n  failed: Promise { <pending> },\n  own: Promise { 2, mine: 3, [Symbol(mine)]: 4 }\n} Later [Promise] { 5 }\n"), printed)
        self.assertEqual(self.value("({ all: [Promise.resolve('a')] })"), "{ all: [ Promise { 'a' } ] }")
        self.assertEqual(self.value("(async () => [1])().then((list) => ({ list, again: Promise.resolve(list) }))"), "{ list: [ 1 ], again: Promise { [ 1 ] } }")
        self.assertEqual(self.value("[Object.keys(Promise.resolve(1)), Promise.resolve(1).constructor === Promise, Object.keys(Promise.prototype)]"), "[ [], true, [] ]")
        for timer in ("setTimeout(() => {}, 1)", "setImmediate(() => {})", "[setInterval(() => {}, 9).unref()]"):
            self.assertNotRegex(self.value(timer), "kResourceStore|header|msg_id")

    def test_tensors_among_other_values_are_printed_short(self):
        self.value("import * as tf from '@tensorflow/tfjs-node';")
        self.assertEqual(self.value("[tf.scalar(0.1), tf.tensor1d([1, 2], 'int32')]"), "[ <Tensor float32, shape []: 0.1>, <Tensor int32, shape [2]: [1, 2]> ]")
        self.assertEqual(self.value("const gone = tf.tensor1d([1]); gone.dispose(); ({ gone, square: tf.tensor2d([[1, 2], [3, 4]]) })"), "{\n  gone: <Tensor float32, shape [1], disposed>,\n  square: <Tensor float32, shape [2, 2]: [[1, 2], [3, 4]]>\n}")
        _, messages = self.run_cell("const before = tf.memory().numTensors;\nconst weight = tf.variable(tf.tensor1d([3]));\nconsole.log('w', weight, new Map([['z', tf.complex([1], [-2])]]), tf.tensor1d([true, false], 'bool'), tf.tensor1d(['a, b']));")
        self.assertEqual(self.text(messages), "w <Tensor float32, shape [1]: [3]> Map(1) { 'z' => <Tensor complex64, shape [1]: [1-2j]> } <Tensor bool, shape [2]: [true, false]> <Tensor string, shape [1]: [\"a, b\"]>\n")
        _, messages = self.run_cell("console.log(tf.zeros([50, 4, 3, 3, 3, 3]), [[tf.range(0, 1e6)]]); console.log(`${tf.memory().numTensors}`);")
        self.assertLess(len(self.text(messages)), 400)
        self.assertIn("<Tensor float32, shape [1000000]: [0, 1, …, 999998, 999999]>", self.text(messages))
        self.assertEqual(self.value("const held = tf.memory().numTensors;\nString([weight].length) + require('node:util').inspect([weight]) + (tf.memory().numTensors - held)"), "'1[ <Tensor float32, shape [1]: [3]> ]0'")


class Errors(Kernel):
    def test_an_error_points_at_the_cell_s_own_line(self):
        reply, messages = self.run_cell("const kept = 5;\nfunction deep() {\n  throw new RangeError('too deep');\n}\ndeep();")
        self.assertEqual((reply["ename"], reply["evalue"]), ("RangeError", "too deep"))
        error = next(m["content"] for m in messages if m["msg_type"] == "error")
        self.assertEqual(error["traceback"], reply["traceback"])
        traceback = "\n".join(reply["traceback"])
        self.assertIn("> 3 |   throw new RangeError('too deep');", traceback)
        self.assertRegex(traceback, r"at deep cell \d+:3:9")
        self.assertNotIn("node:", traceback)
        self.assertEqual(self.value("kept"), "5")

    def lines(self, code, **options):
        """What the error of a cell shows, without colors."""
        reply, _ = self.run_cell(code, **options)
        self.assertEqual(reply["status"], "error", code)
        return re.sub(r"\x1b\[\d+m", "", "\n".join(reply["traceback"])).split("\n")

    def test_errors_of_tensorflow_show_the_cell_s_line_first(self):
        self.value("""import * as tf from '@tensorflow/tfjs-node';
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [3] })] });
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
const train = async (width: number, onEpochEnd = () => {}) => {
  await model.fit(tf.ones([4, width]), tf.ones([4, 1]), { verbose: 0, callbacks: { onEpochEnd } });
};
class Broken extends tf.layers.Layer {
  static className = 'Broken';
  override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor { return tf.matMul(Array.isArray(x) ? x[0] : x, tf.ones([7, 7])); }
}""")
        for code, marked in {
            "const fine = 1;\ntf.ones([2, 3]).matMul(tf.ones([2, 3]));": "> 2 | tf.ones([2, 3]).matMul(tf.ones([2, 3]));",
            "tf.tidy(() => {\n  const a = tf.ones([2, 3]);\n  return a.add(tf.ones([4, 5]));\n});": "> 3 |   return a.add(tf.ones([4, 5]));",
            "\ntf.layers.dense({ units: -1 });": "> 2 | tf.layers.dense({ units: -1 });",
            "\nmodel.add(tf.layers.conv2d({ filters: 1, kernelSize: 2 }));": "> 2 | model.add(tf.layers.conv2d({ filters: 1, kernelSize: 2 }));",
            "await new Promise((resolve) => setTimeout(resolve, 1));\nmodel.predict(tf.ones([2, 7]));": "> 2 | model.predict(tf.ones([2, 7]));",
            "\nawait model.fit(tf.ones([4, 2]), tf.ones([4, 1]));": "> 2 | await model.fit(tf.ones([4, 2]), tf.ones([4, 1]));",
            "\nmodel.fit(tf.ones([4, 3]), tf.ones([5, 1]))": "> 2 | model.fit(tf.ones([4, 3]), tf.ones([5, 1]))",
            "await train(3, () => {\n  tf.ones([2]).reshape([3]);\n});": "> 2 |   tf.ones([2]).reshape([3]);",
            "await model.fitDataset(tf.data.array([1]).map(() => ({ xs: tf.ones([1, 2]), ys: tf.ones([1, 1]) })), { epochs: 1, verbose: 0 });": "> 1 | await model.fitDataset(",
        }.items():
            lines = self.lines(code)
            self.assertEqual(next(line for line in lines if line.startswith(">"))[:len(marked)], marked, lines)
            self.assertRegex("\n".join(lines), r"\n    … \d+ frames in [^\n]*(tfjs|tslib)", lines)
            self.assertNotIn("node_modules", "\n".join(lines))
            self.assertLess(len(lines), 20)
        self.assertIn("  await model.fit(tf.ones([4, width])", next(line for line in self.lines("\nawait train(7);") if line.startswith(">")))
        inner = self.lines("\ntf.sequential({ layers: [new Broken({ inputShape: [2] })] }).predict(tf.ones([1, 2]));")
        self.assertIn("return tf.matMul(Array", next(line for line in inner if line.startswith(">")))

    def test_cells_are_named_by_their_prompt_s_number(self):
        self.run_cell("1;", silent=True)
        self.run_cell("2;", store_history=False)
        reply, _ = self.run_cell("let unit = 1;\nconst sized = () => unit * 2;\nfunction failing() { throw new Error('no'); }")
        count = reply["execution_count"]
        self.run_cell("3;", silent=True)
        self.assertEqual([line for line in self.lines("failing();") if line.startswith("    at")], [f"    at failing cell {count}:3:28", f"    at cell {count + 1}:1:1"])
        _, messages = self.run_cell("let unit = 'text';")
        self.assertIn(f"`sized` (cell {count}) no longer fits", self.text(messages, "stderr"))
        self.assertIn("    at a cell without a number:1:7", self.lines("throw new Error('unnumbered');", store_history=False))

    def test_errors_inside_an_error_are_shown(self):
        lines = self.lines("const fail = async (n: number) => { throw new Error(`number ${n}`); };\nawait Promise.any([fail(1), fail(2)]);")
        self.assertIn("1 of 2: Error: number 1", lines)
        self.assertIn("2 of 2: Error: number 2", lines)

    def test_an_error_in_a_file_of_the_project_points_at_the_file_s_line(self):
        helper = Path("kernel-test-throws.ts")
        try:
            helper.write_text("// a helper\nexport function fail(): never {\n  throw new Error('in the file');\n}\n")
            reply, _ = self.run_cell("import { fail } from './kernel-test-throws';\nfail();")
            traceback = "\n".join(reply["traceback"])
            self.assertIn("> 3 |   throw new Error('in the file');", traceback)
            self.assertIn("notebooks/kernel-test-throws.ts:3:9", traceback)
            self.assertRegex(traceback, r"at cell \d+:2:\d+")
        finally:
            helper.unlink()
        module = Path("kernel-test (1) ä%.mjs")
        try:
            module.write_text("import { sep } from 'node:path';\n\nexport const fail = () => {\n  throw new Error(sep);\n};\n")
            lines = self.lines("// @ts-nocheck\nimport { fail as failing } from './kernel-test (1) ä%.mjs';\nfailing();")
            self.assertIn("    at fail notebooks/kernel-test (1) ä%.mjs:4:9", lines)
            self.assertIn("> 4 |   throw new Error(sep);", lines)
        finally:
            module.unlink()

    def test_anything_can_be_thrown(self):
        reply, _ = self.run_cell("throw 'just text';")
        self.assertEqual((reply["ename"], reply["evalue"]), ("Thrown", "just text"))
        reply, _ = self.run_cell("await Promise.reject(new TypeError('later'));")
        self.assertEqual(reply["ename"], "TypeError")

    def test_what_nobody_catches_is_reported_and_survived(self):
        _, messages = self.run_cell("setTimeout(() => { throw new Error('in a timer'); }, 5);\nvoid Promise.reject(new Error('rejected'));\nawait new Promise((resolve) => setTimeout(resolve, 100));")
        said = self.text(messages, "stderr")
        self.assertIn("in a timer", said)
        self.assertIn("rejected", said)
        self.assertEqual(self.value("1 + 1"), "2")

    def test_stop_on_error_aborts_exactly_what_was_queued(self):
        slow = "const end = Date.now() + 400;\nwhile (Date.now() < end) {}\nthrow new Error('stop');"
        first = self.client.execute(slow, stop_on_error=True)
        queued = [self.client.execute(f"{i};") for i in range(3)]
        self.assertEqual(self.reply(first)["status"], "error")
        self.assertEqual([self.reply(q)["status"] for q in queued], ["aborted"] * 3)
        after = self.client.execute("4;")
        self.assertEqual(self.reply(after)["status"], "ok")
        self.collect(after)

    def test_without_stop_on_error_the_queue_goes_on(self):
        first = self.client.execute("throw new Error('go on');", stop_on_error=False)
        second = self.client.execute("1;")
        self.assertEqual(self.reply(first)["status"], "error")
        self.assertEqual(self.reply(second)["status"], "ok")
        self.collect(second)


class Interrupts(Kernel):
    def interrupted(self, code, after=0.5):
        msg_id = self.client.execute(code)
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["msg_type"] == "stream" and "ready" in message["content"]["text"]:
                break
        time.sleep(after)
        self.manager.interrupt_kernel()
        start = time.monotonic()
        reply = self.reply(msg_id)
        self.collect(msg_id)
        self.assertEqual((reply["status"], reply["ename"]), ("error", "Interrupted"), reply)
        return time.monotonic() - start

    def setUp(self):
        self.value("const held = 41;")

    def tearDown(self):
        self.assertEqual(self.value("held + 1"), "42")

    def test_a_loop(self):
        self.interrupted("console.log('ready');\nwhile (true) {}")

    def test_a_pending_await(self):
        self.interrupted("console.log('ready');\nawait new Promise(() => undefined);")

    def test_a_loop_after_an_await(self):
        self.interrupted("await Promise.resolve();\nconsole.log('ready');\nfor (;;) {}")

    def test_a_loop_in_a_function_of_an_earlier_cell(self):
        self.value("function forever() { console.log('ready'); for (;;) {} }")
        self.interrupted("forever();")

    def test_a_loop_that_awaits_does_not_go_on_behind(self):
        self.interrupted("let rounds = 0;\nconsole.log('ready');\nwhile (true) { await new Promise((resolve) => setTimeout(resolve, 10)); rounds++; }")
        before = int(self.value("await new Promise((resolve) => setTimeout(resolve, 100));\nrounds"))
        self.assertEqual(int(self.value("await new Promise((resolve) => setTimeout(resolve, 200));\nrounds")), before)

    def test_a_loop_in_a_timer(self):
        msg_id = self.client.execute("setTimeout(() => { console.log('looping'); for (;;) {} }, 50);")
        while "looping" not in self.text([self.client.get_iopub_msg(timeout=TIMEOUT)]):
            pass
        self.interrupt()
        # On a busy machine the timer may come before the cell has been answered.
        self.reply(msg_id)

    def test_between_calls_of_tensorflow(self):
        self.value("import * as tf from '@tensorflow/tfjs-node';\nconst big = tf.ones([300, 300]);")
        self.interrupted("console.log('ready');\nfor (;;) tf.tidy(() => big.matMul(big).dataSync());")

    def test_library_code_that_loops(self):
        self.interrupted("console.log('ready');\n'a'.repeat(30).replace(/(a+)+b/, '');\nJSON.stringify(Array.from({ length: 2 }, () => 0));\n[0].forEach(() => { new Function('while (true) {}')(); });")


class Input(Kernel):
    def test_a_line_is_asked_for_and_given(self):
        msg_id = self.client.execute("import { prompt } from 'layerwise/display';\nprompt('name? ', { hidden: true })", allow_stdin=True)
        request = self.client.get_stdin_msg(timeout=TIMEOUT)
        self.assertEqual(request["content"], {"prompt": "name? ", "password": True})
        self.client.input("Ada")
        self.assertEqual(self.result(self.collect(msg_id)), "'Ada'")
        self.reply(msg_id)

    def test_it_is_refused_where_nobody_can_answer(self):
        reply, _ = self.run_cell("import { prompt } from 'layerwise/display';\nprompt('name?');", allow_stdin=False)
        self.assertIn("takes no input", reply["evalue"])


    def test_standard_input_says_to_use_prompt(self):
        for code, line in {
            "import * as readline from 'node:readline';\nconst lines = readline.createInterface({ input: process.stdin, output: process.stdout });\nlines.question('name? ', () => {});": 2,
            "import * as later from 'node:readline/promises';\nconst asked = later.createInterface(process.stdin, process.stdout, undefined, true);\nawait asked.question('name? ');": 2,
            "process.stdin.on('end', () => {});\nprocess.stdin.on('data', () => {});": 2,
            "\nfor await (const piece of process.stdin) console.log(piece);": 2,
            "import { text } from 'node:stream/consumers';\n\nawait text(process.stdin);": 3,
        }.items():
            reply, _ = self.run_cell(code)
            self.assertIn("a notebook has no standard input; ask with `prompt('…')` of 'layerwise/display'", reply["evalue"], code)
            self.assertRegex("\n".join(reply["traceback"]), rf"at cell \d+:{line}:", code)
        self.assertEqual(self.value("[process.stdin.isTTY, process.stdin.fd]"), "[ undefined, 0 ]")


class Protocol(Kernel):
    def test_unknown_comms_are_closed_and_unknown_requests_ignored(self):
        message = self.client.session.msg("comm_open", {"comm_id": "c1", "target_name": "nobody", "data": {}})
        self.client.shell_channel.send(message)
        closed = [m for m in self.collect(message["header"]["msg_id"]) if m["msg_type"] == "comm_close"]
        self.assertEqual(closed[0]["content"]["comm_id"], "c1")
        self.client.shell_channel.send(self.client.session.msg("no_such_request", {}))
        self.assertEqual(self.value("1"), "1")

    def test_registered_comms_talk_both_ways(self):
        self.value("import { openComm, registerComm } from 'layerwise/display';\nregisterComm('echo', (comm, data) => {\n  comm.send({ opened: data });\n  comm.onMessage((message) => comm.send({ heard: message }));\n});")
        opened = self.client.session.msg("comm_open", {"comm_id": "c2", "target_name": "echo", "data": {"a": 1}})
        self.client.shell_channel.send(opened)
        answers = [m["content"]["data"] for m in self.collect(opened["header"]["msg_id"]) if m["msg_type"] == "comm_msg"]
        self.assertEqual(answers, [{"opened": {"a": 1}}])
        said = self.client.session.msg("comm_msg", {"comm_id": "c2", "data": "hello"})
        self.client.shell_channel.send(said)
        answers = [m["content"]["data"] for m in self.collect(said["header"]["msg_id"]) if m["msg_type"] == "comm_msg"]
        self.assertEqual(answers, [{"heard": "hello"}])
        self.assertEqual(self.reply(self.client.comm_info(target_name="echo"))["comms"], {"c2": {"target_name": "echo"}})
        _, messages = self.run_cell("openComm('widget', { b: 2 }).close();")
        self.assertEqual([m["msg_type"] for m in messages if m["msg_type"].startswith("comm")], ["comm_open", "comm_close"])

    def test_widgets_open_move_are_told_again_and_close_with_their_cell(self):
        code = "import { explore, line, slider } from 'layerwise/plot';\nexplore({ n: slider({ label: 'n', min: 0, max: 9, value: 1 }) }, ({ n }) => {\n  if (n > 8) throw new RangeError('too many');\n  return line({ title: `n is ${n}`, alt: 'A line that rises from zero to one, drawn by a test.', xLabel: 'x', yLabel: 'y', series: [{ name: 's', x: [0, 1], y: [0, n] }] });\n});"

        def ask(message):
            self.client.shell_channel.send(message)
            return self.collect(message["header"]["msg_id"])

        def run(cell):
            content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
            messages = ask(self.client.session.msg("execute_request", content, metadata={"cellId": cell}))
            opened = {m["content"]["comm_id"]: m for m in messages if m["msg_type"] == "comm_open"}
            closed = [m["content"]["comm_id"] for m in messages if m["msg_type"] == "comm_close"]
            return messages, opened, closed

        messages, opened, closed = run("first")
        self.assertEqual({m["metadata"].get("version") for m in opened.values()}, {"2.1.0"})
        named = {m["content"]["data"]["state"]["_model_name"]: comm for comm, m in opened.items()}
        self.assertEqual(set(named), {"LayoutModel", "OutputModel", "SliderStyleModel", "FloatSliderModel", "VBoxModel"})
        [result] = [m["content"]["data"] for m in messages if m["msg_type"] == "execute_result"]
        self.assertEqual(result["application/vnd.jupyter.widget-view+json"]["model_id"], named["VBoxModel"])
        self.assertIn("application/vnd.plotly.v1+json", result)
        self.assertEqual(closed, [])

        def move(value):
            data = {"method": "update", "state": {"value": value}, "buffer_paths": []}
            answers = ask(self.client.session.msg("comm_msg", {"comm_id": named["FloatSliderModel"], "data": data}))
            [said] = [m["content"] for m in answers if m["msg_type"] == "comm_msg"]
            self.assertEqual(said["comm_id"], named["OutputModel"])
            return said["data"]["state"]["outputs"][0]

        self.assertEqual(move(4)["data"]["application/vnd.plotly.v1+json"]["layout"]["title"]["text"], "n is 4")
        self.assertEqual(move(9), {"output_type": "stream", "name": "stderr", "text": "RangeError: too many\n"})
        move(5)
        ask(self.client.session.msg("comm_open", {"comm_id": "ctl", "target_name": "jupyter.widget.control", "data": {}}))
        answers = ask(self.client.session.msg("comm_msg", {"comm_id": "ctl", "data": {"method": "request_states"}}))
        [states] = [m["content"]["data"]["states"] for m in answers if m["msg_type"] == "comm_msg"]
        self.assertEqual(set(states), set(opened))
        self.assertEqual(states[named["FloatSliderModel"]]["state"]["value"], 5)

        _, others, closed = run("second")
        self.assertEqual(closed, [])
        _, again, closed = run("first")
        self.assertEqual(set(closed), set(opened))
        self.assertEqual(set(self.reply(self.client.comm_info(target_name="jupyter.widget"))["comms"]), {*others, *again})

    def test_frames_that_are_no_messages_are_dropped(self):
        socket = self.client.shell_channel.socket
        signed = self.client.session
        for frames in ([b"x"], [b"<IDS|MSG>"], [b"<IDS|MSG>", b"bad", b"{}", b"{}", b"{}", b"{}"], [b"<IDS|MSG>", b"", b"{", b"", b"", b""], [b"\xff" * 100_000]):
            socket.send_multipart(frames)
        again = signed.serialize(signed.msg("execute_request", {"code": "let repeats = 0; repeats++; console.log('once');"}))
        socket.send_multipart(again)
        socket.send_multipart(again)
        self.assertEqual(self.value("repeats"), "1")

    def test_the_control_channel_answers_while_a_cell_runs(self):
        msg_id = self.client.execute("console.log('busy');\nconst stop = Date.now() + 2000;\nwhile (Date.now() < stop) {}")
        while self.client.get_iopub_msg(timeout=TIMEOUT)["msg_type"] != "stream":
            pass
        request = self.client.session.msg("kernel_info_request", {})
        self.client.control_channel.send(request)
        reply = self.client.get_control_msg(timeout=TIMEOUT)
        self.assertEqual(reply["content"]["status"], "ok")
        with self.assertRaises(Empty):
            self.client.get_shell_msg(timeout=0)
        self.collect(msg_id)
        self.reply(msg_id)

    def test_completion_counts_code_points(self):
        reply = self.reply(self.client.complete("const face = '😀'; Math.sqr", 26))
        self.assertEqual((reply["matches"], reply["cursor_start"], reply["cursor_end"]), (["sqrt"], 23, 26))

    def test_inspection_shows_type_and_documentation(self):
        self.value("/** Doubles a number. */\nfunction double(n: number): number { return 2 * n; }")
        reply = self.reply(self.client.inspect("double(2)", 3))
        self.assertTrue(reply["found"])
        self.assertIn("Doubles a number.", reply["data"]["text/markdown"])

    def test_inspection_inside_arguments_shows_the_signature_and_its_options(self):
        self.value("import * as tf from '@tensorflow/tfjs-node';\n/** Doubles. @param n what to double */\nconst doubled = (n: number) => 2 * n;")
        for marked, parts in {"tf.layers.dense(|": ["dense(args: DenseLayerArgs)", "`units: number`: Positive integer"], "tf.layers.dense({ units: 3, | })": ["`activation?"], "console.log('😀', doubled(|))": ["doubled(n: number): number", "what to double"]}.items():
            reply = self.reply(self.client.inspect(marked.replace("|", ""), marked.index("|")))
            self.assertTrue(reply["found"], marked)
            for part in parts:
                self.assertIn(part, reply["data"]["text/markdown"], marked)


class Nbclient(unittest.TestCase):
    def test_cells_after_an_error_run_where_errors_are_allowed(self):
        cells = [nbformat.v4.new_code_cell(code) for code in ("throw new Error('first');", "const wrong: number = 'a';", "console.log('still here');")]
        notebook = nbformat.v4.new_notebook(cells=cells)
        NotebookClient(notebook, kernel_name="tslab", timeout=TIMEOUT, allow_errors=True).execute()
        self.assertEqual([cell.outputs[0].output_type for cell in cells], ["error", "error", "stream"])
        self.assertEqual([cell.execution_count for cell in cells], [1, 2, 3])

    def test_without_that_the_error_says_where(self):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("null_;")])
        with self.assertRaisesRegex(CellExecutionError, "TS2304.*null_"):
            NotebookClient(notebook, kernel_name="tslab", timeout=TIMEOUT).execute()


class Lifetime(unittest.TestCase):
    def test_history_survives_a_restart(self):
        mark = f"'mark-{time.time_ns()}';"
        manager, client = start_new_kernel(kernel_name="tslab")
        client.execute_interactive(mark, output_hook=lambda message: None, timeout=TIMEOUT)
        manager.restart_kernel(now=True)
        client.wait_for_ready(timeout=TIMEOUT)
        history = reply_to(client, client.history(raw=True, output=False, hist_access_type="search", pattern=mark, n=5))["history"]
        self.assertEqual([entry[2] for entry in history], [mark])
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    def test_no_process_is_left_when_its_parent_dies(self):
        script = "import sys, time\nfrom jupyter_client.manager import start_new_kernel\nmanager, client = start_new_kernel(kernel_name='tslab')\nprint(manager.provisioner.process.pid, flush=True)\ntime.sleep(600)"
        parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        pid = int(parent.stdout.readline())
        parent.kill()
        parent.wait()
        parent.stdout.close()
        deadline = time.monotonic() + TIMEOUT
        while Path(f"/proc/{pid}").exists() and " Z " not in Path(f"/proc/{pid}/stat").read_text():
            self.assertLess(time.monotonic(), deadline, "the kernel lives on")
            time.sleep(0.05)

    def test_no_process_is_left_when_the_client_shuts_it_down(self):
        manager, client = start_new_kernel(kernel_name="tslab")
        pid = manager.provisioner.process.pid
        client.execute("while (true) {}")
        time.sleep(0.5)
        client.shutdown(restart=True)
        reply = client.get_control_msg(timeout=TIMEOUT)
        self.assertEqual(reply["content"], {"status": "ok", "restart": True})
        manager.provisioner.process.wait(timeout=TIMEOUT)
        client.stop_channels()
        with self.assertRaises(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
