"""Odd values through every door of the kernel: each cell gets an answer that a notebook can hold, and the process lives.

    cd notebooks && ../.venv/bin/python ../test/tools/kernel/odd_values.py
"""
import json
import random
import unittest

import nbformat

from behavior import TIMEOUT, Kernel

SEED = 7
CELLS = 220

ATOMS = [
    "5n", "-(2n ** 300n)", "Symbol('s')", "Symbol.iterator", "() => 1", "class A {}", "NaN", "-Infinity", "undefined", "null", "''",
    "'\\ud800'", "'x\\udc00y'", "'\\\\ud800'", "'a'.repeat(300_000)", "'\\u0000\\u001b[31m\\u2028'",
    "new Proxy({}, { get() { throw new Error('trap'); } })", "new Proxy({}, { ownKeys() { throw new Error('keys'); } })",
    "new Proxy({}, { getPrototypeOf() { throw new Error('prototype'); } })", "new Proxy({}, { has() { throw new Error('has'); } })",
    "new Proxy(new Error('wrapped'), { get() { throw new Error('trap'); } })", "new Proxy(() => 1, { get() { throw 1; }, apply() { throw 2; } })",
    "(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()", "(() => { const { proxy, revoke } = Proxy.revocable([], {}); revoke(); return proxy; })()",
    "(() => { const c: any = { a: 1 }; c.self = c; return c; })()", "(() => { const c: any = []; c.push(c); return c; })()",
    "({ get x() { throw new Error('getter'); } })", "({ get message() { throw new Error('message'); } })", "({ get then() { throw new Error('then'); } })",
    "({ toJSON() { throw new Error('toJSON'); } })", "({ toJSON() { return this; } })", "({ toJSON: 5 })", "({ toJSON() { return 5n; } })",
    "({ then() { throw new Error('then'); } })", "({ then: 5 })", "({ then() {} })", "({ toString: 5, valueOf: 5 })", "({ toString() { throw new Error('toString'); } })",
    "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('inspect'); } })", "({ [Symbol.for('nodejs.util.inspect.custom')]() { return Symbol('no'); } })",
    "({ [Symbol.toStringTag]: 5 })", "({ get [Symbol.toStringTag]() { throw new Error('tag'); } })", "({ get constructor() { throw new Error('constructor'); } })",
    "({ [Symbol.toPrimitive]() { throw new Error('primitive'); } })", "({ [Symbol.iterator]() { throw new Error('iterator'); } })", "Object.create(null)", "({ __proto__: null, a: 5n })",
    "new Map([[{}, 1]])", "new Map([['a', 5n]])", "new Set([new Set([5n])])", "new WeakMap()", "Promise.resolve(5n)", "new Promise(() => {})",
    "new Float32Array([1, NaN])", "new BigInt64Array(2)", "new DataView(new ArrayBuffer(4))", "new SharedArrayBuffer(8)", "Buffer.from([255, 0])", "new Date(NaN)", "Object(5n)", "Object(Symbol())",
    "Object.assign(new Error('e'), { stack: 5 })", "Object.assign(new Error('e'), { name: Symbol('n') })", "Object.assign(new Error('e'), { message: 5n })", "Object.assign(new Error('e'), { cause: 5n })",
    "Object.defineProperty(new Error('e'), 'message', { get() { throw new Error('message'); } })", "Object.defineProperty(new Error('e'), 'stack', { get() { throw new Error('stack'); } })",
    "Object.defineProperty(new Error('e'), 'name', { get() { throw new Error('name'); } })", "(() => { const e: any = new Error('e'); e.cause = e; return e; })()", "new AggregateError([5n, new Error('one')], 'both')",
    "Array.from({ length: 50_000 }).reduce((inner) => [inner], 0 as unknown)", "Array.from({ length: 50_000 }).reduce((inner) => ({ inner }), 0 as unknown)",
    "Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i]))", "new Array(2 ** 31)", "Array.from({ length: 20_000 }, (_, i) => ({ i }))", "globalThis", "process", "(function* () { yield 5n; })()",
    "({ [DISPLAY]() { return undefined; } })", "({ [DISPLAY]() { return 5n; } })", "({ [DISPLAY]() { throw 5n; } })", "({ [DISPLAY]() { return this; } })", "({ [DISPLAY]() { return { 'text/plain': {}, 'image/png': 5n }; } })",
    "({ [DISPLAY]: 5 })", "({ [DISPLAY]() { return { 'application/json': { a: [5n] } }; } })", "({ [DISPLAY]() { return [1]; } })", "({ get [DISPLAY]() { throw new Error('display'); } })",
    "({ shape: [1e9, 1e9], dtype: 'float32', dataId: {}, isDisposed: false, dataSync() { throw new Error('data'); } })", "({ shape: [-1, 'a'], dtype: 'bool', dataId: {}, dataSync() { return undefined; } })",
    "({ columns: [5n, Symbol()], index: [Symbol(), 5n], values: [5n, [Symbol()]], shape: [] })", "({ data: [{ type: 5n }], layout: {} })", "({ data: [{ type: 'bar', f() {} }], layout: { title: Symbol() } })",
]
WRAPPERS = [
    "[VALUE]", "({ a: VALUE })", "({ data: [{ type: 'scatter', y: VALUE }], layout: {} })", "({ data: [{ type: 'scatter' }], layout: { title: VALUE } })", "({ get a() { return VALUE; } })",
    "new Error('m', { cause: VALUE })", "Object.assign(new Error('m'), { message: VALUE })", "Object.assign(new Error('m'), { stack: VALUE })", "Object.assign(new Error('m'), { name: VALUE })", "new AggregateError([VALUE])",
    "new Map([['k', VALUE]])", "new Set([VALUE])", "new Proxy({ v: VALUE }, {})", "({ 'text/plain': VALUE })", "({ [DISPLAY]() { return { 'text/plain': VALUE }; } })", "({ [DISPLAY]() { throw VALUE; } })",
    "({ [DISPLAY]() { return { 'application/json': VALUE }; } })", "({ toJSON() { return VALUE; } })", "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw VALUE; } })",
]
DOORS = [
    "v", "v", "[v, 1]", "throw v;", "throw v;", "await Promise.reject(v);", "void Promise.reject(v);", "show(v);", "output(v);", "output({ 'text/plain': v });", "output({ 'text/html': 'h', 'image/png': v });",
    "output({ 'application/vnd.plotly.v1+json': v, 'text/plain': 'Figure' });", "output({ 'application/vnd.plotly.v1+json': { data: [{ type: 'scatter', x: v }], layout: { meta: v } } });",
    "output({ 'text/plain': 'x' }, { metadata: v });", "output({ 'text/plain': 'x' }, { metadata: { k: v } });", "output({ 'text/plain': 'x' }, { id: v });", "output({ 'text/plain': 'x' }, v);",
    "showHtml(v);", "showMarkdown(v);", "showTable([v]);", "showTable([{ v }]);", "showTable(v);", "showProgress(3, v).done(v);", "clearOutput({ wait: v });", "prompt(v);",
    "openComm('t', v);", "openComm(v);", "openComm('t').send(v);", "openComm('t').close(v);", "openComm('t').onMessage(v);", "registerComm(v, v);",
    "console.log(v);", "console.error('%s %d %o', v, v, v);", "console.table(v);", "console.table([v]);", "process.stdout.write(v);", "setImmediate(() => { throw v; });\nawait new Promise((done) => setTimeout(done, 1));",
]


def odd_value(draw):
    value = draw.choice(ATOMS)
    for _ in range(draw.choice([0, 0, 1, 1, 2])):
        value = draw.choice(WRAPPERS).replace("VALUE", f"({value})")
    return value


class OddValues(Kernel):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.notebook = nbformat.v4.new_notebook()

    def answered(self, code, **options):
        """Runs a cell: whatever it does, the answer is whole, and a notebook can hold what it shows."""
        self.assertTrue(self.manager.is_alive(), "the kernel's process has ended")
        with self.subTest(code):
            reply, messages = self.run_cell(code, allow_stdin=False, **options)
            self.assertIn(reply["status"], ("ok", "error"))
            if reply["status"] == "error":
                self.assertTrue(all(isinstance(text, str) for text in [reply["ename"], reply["evalue"], *reply["traceback"]]), reply)
            outputs = [nbformat.v4.output_from_msg(m) for m in messages if m["msg_type"] in ("stream", "display_data", "execute_result", "error")]
            cell = nbformat.v4.new_code_cell(code, outputs=outputs)
            nbformat.validate(nbformat.v4.new_notebook(cells=[cell]), relax_add_props=True)
            json.dumps([reply, outputs, [m["content"] for m in messages]], ensure_ascii=False).encode("utf-8")
            return reply, messages

    def setUp(self):
        self.value("import * as doors from 'layerwise/display';\nconst { show, output, showHtml, showMarkdown, showTable, showProgress, clearOutput, prompt, openComm, registerComm } = doors as any;\nconst DISPLAY: any = Symbol.for('Jupyter.display');\nconst keep = 5;")

    def tearDown(self):
        self.assertEqual(self.value("keep"), "5")

    def test_each_odd_value_as_result_and_as_error(self):
        for atom in ATOMS:
            self.answered(f"const v: any = {atom};\nv" if "new Promise(() => {})" not in atom else f"const v: any = {atom};\n[v]")
            self.answered(f"const v: any = {atom};\nthrow v;")

    def test_odd_values_through_every_door(self):
        draw = random.Random(SEED)
        doors = DOORS * (CELLS // len(DOORS) + 1)
        for door in doors[:CELLS]:
            value = odd_value(draw)
            if value == "new Promise(() => {})":
                value = f"[{value}]"
            self.answered(f"const v: any = {value};\n{door}")

    def test_user_expressions_of_odd_values(self):
        draw = random.Random(SEED + 1)
        expressions = {f"e{i}": f"[{odd_value(draw)}][0]" for i in range(8)}
        for extra in ({"e": "throw 1"}, {"e": "'\\ud83d'"}, {"__proto__": "1n"}):
            self.answered("1;", user_expressions={**expressions, **extra})
        reply, _ = self.answered("1;", user_expressions={"figure": "({ data: [{ type: 'bar', y: [5n] }], layout: {} })"})
        self.assertIn("data[0].y[0] is a bigint (5n)", reply["user_expressions"]["figure"]["data"]["text/plain"])

    def test_requests_with_odd_fields_are_answered(self):
        odd = [None, 5, -1, 1e300, 2.5, "😀" * 3, [], {}, {"toString": 5}, True, "(" * 3000, "`" * 99]
        draw = random.Random(SEED + 2)
        requests = {
            "complete_request": ["code", "cursor_pos"], "inspect_request": ["code", "cursor_pos", "detail_level"], "is_complete_request": ["code"],
            "history_request": ["hist_access_type", "n", "pattern", "session", "start", "stop", "unique", "output"], "comm_info_request": ["target_name"], "kernel_info_request": ["x"],
            "execute_request": ["silent", "store_history", "user_expressions", "allow_stdin", "stop_on_error"],
        }
        for kind, fields in requests.items():
            for _ in range(8):
                content = {field: draw.choice(odd) for field in fields}
                with self.subTest(kind, content=content):
                    message = self.client.session.msg(kind, content)
                    self.client.shell_channel.send(message)
                    self.collect(message["header"]["msg_id"])
                    json.dumps(self.reply(message["header"]["msg_id"]), ensure_ascii=False).encode("utf-8")

    def test_a_request_nested_too_deep_is_answered(self):
        message = self.client.session.msg("execute_request", {"code": "1"})
        frames = self.client.session.serialize(message)
        frames[-1] = b'{"code":"1","x":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
        frames[1] = self.client.session.sign(frames[2:6])
        self.client.shell_channel.socket.send_multipart(frames)
        self.assertEqual(self.reply(message["header"]["msg_id"])["status"], "error")

    def test_comm_messages_of_odd_values(self):
        self.value("registerComm('odd', (comm: any, data: any) => {\n  comm.onMessage((message: any) => { if (message === 'big') comm.send(5n); if (message === 'throw') throw Symbol('no'); comm.send({ heard: message }); });\n  if (data === 'throw') throw { get message() { throw 1; } };\n});")
        for i, data in enumerate(["throw", "big", None, {"a": ["b"]}]):
            for kind in ("comm_open", "comm_msg", "comm_close"):
                message = self.client.session.msg(kind, {"comm_id": f"odd-{i}", "target_name": "odd", "data": data})
                self.client.shell_channel.send(message)
                json.dumps([m["content"] for m in self.collect(message["header"]["msg_id"])], ensure_ascii=False).encode("utf-8")


class ReplacedBuiltIns(Kernel):
    def test_promises_that_never_call_back(self):
        self.value("const { then } = Promise.prototype;\nPromise.prototype.then = function () { return this as Promise<never>; };\nPromise.prototype.finally = Promise.prototype.then as never;\nPromise.race = () => new Promise(() => undefined);\n1")
        self.assertEqual(self.value("1 + 1"), "2")
        self.assertEqual(self.value("const three = await Promise.resolve(3);\nthree"), "3")
        self.assertEqual(self.run_cell("throw new RangeError('no');")[0]["ename"], "RangeError")
        self.value("Promise.prototype.then = then;\n1")

    def test_scripts_that_run_nothing(self):
        self.run_cell("import vm from 'node:vm';\nvm.Script.prototype.runInThisContext = () => undefined;")
        self.assertEqual(self.run_cell("4")[0]["status"], "ok")


class WhatIsSaid(Kernel):
    """An odd value in a figure is told by its place."""

    def error(self, code):
        reply, _ = self.run_cell("import { output, openComm } from 'layerwise/display';\n" + code)
        self.assertEqual(reply["status"], "error")
        return reply["evalue"]

    def test_a_figure_with_a_bigint_a_circle_or_a_function(self):
        self.assertEqual(self.error("output({ 'application/vnd.plotly.v1+json': { data: [{ y: [1, 5n] }] } });"), "output: application/vnd.plotly.v1+json: data[0].y[1] is a bigint (5n), which JSON can't hold: use Number(…) or String(…)")
        self.assertIn("layout.self holds itself", self.error("const layout: { self?: unknown } = {};\nlayout.self = layout;\noutput({ 'application/vnd.plotly.v1+json': { data: [], layout } });"))
        self.assertIn("data[0].f is a function", self.error("output({ 'application/vnd.plotly.v1+json': { data: [{ f() {} }] } });"))
        self.assertIn("data.y is a promise: await it first", self.error("output({ 'application/json': { data: { y: Promise.resolve([1]) } } });"))
        self.assertIn("metadata: k is a bigint", self.error("output({}, { metadata: { k: 5n } });"))
        self.assertIn("comm_open: data.a is a bigint", self.error("openComm('t', { a: 5n });"))

    def test_a_figure_as_result_says_it_in_its_place(self):
        self.assertIn("a value that can't be shown: application/vnd.plotly.v1+json: data[0].y[0] is a bigint (5n)", self.value("({ data: [{ type: 'bar', y: [5n] }], layout: {} })"))
        self.assertIn("expected an object from MIME type to content, got undefined", self.value("({ [Symbol.for('Jupyter.display')]() { return undefined; } })"))

    def test_errors_whose_properties_are_odd_keep_what_can_be_read(self):
        reply, _ = self.run_cell("const e = new RangeError('kept');\nObject.assign(e, { stack: 5 });\nthrow e;")
        self.assertEqual((reply["ename"], reply["evalue"]), ("RangeError", "kept"))
        reply, _ = self.run_cell("const f = new Error('x');\nObject.assign(f, { message: 5n, name: Symbol('n') });\nthrow f;")
        self.assertEqual((reply["ename"], reply["evalue"]), ("Symbol(n)", "5n"))
        reply, _ = self.run_cell("throw Object.defineProperty(new Error('x'), 'message', { get() { throw new Error('no message'); } });")
        self.assertEqual(reply["evalue"], "(can't be read: no message)")

    def test_half_characters_become_replacement_characters(self):
        _, messages = self.run_cell("console.log('Zoë 😀'.slice(0, 5), 'literal \\\\ud83d');\n'a\\ud83d'")
        self.assertEqual(self.text(messages), "Zoë \ufffd literal \\ud83d\n")
        reply, _ = self.run_cell("throw new Error('half \\udc00');")
        self.assertEqual(reply["evalue"], "half \ufffd")

    def test_typed_arrays_and_sets_in_a_figure_are_lists(self):
        _, messages = self.run_cell("import { output } from 'layerwise/display';\noutput({ 'application/json': { y: new Float32Array([1, 2]), s: new Set(['a']), z: [new Uint8Array([3])] } });")
        shown = next(m["content"]["data"] for m in messages if m["msg_type"] == "display_data")
        self.assertEqual(shown, {"application/json": {"y": [1, 2], "s": ["a"], "z": [[3]]}})


if __name__ == "__main__":
    unittest.main(verbosity=2)
