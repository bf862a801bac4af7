"""Stop stops, in every state that a cell can be in, and what comes after works.

    cd notebooks && ../.venv/bin/python ../test/tools/kernel/interrupts.py
"""
import os
import re
import tempfile
import time
import unittest
from pathlib import Path

import psutil

from behavior import TIMEOUT, Kernel

MODEL = """import * as tf from '@tensorflow/tfjs-node';
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
const x = tf.ones([64, 1]), y = tf.ones([64, 1]);
const told = { onBatchEnd: async (batch: number) => { if (batch === 1) console.log('ready'); } };"""


class Stop(Kernel):
    def stop(self, code, **options):
        """Runs a cell, interrupts it as soon as it says "ready", and returns its reply and messages."""
        msg_id = self.client.execute(code, **options)
        before = self.until_ready(msg_id)
        self.interrupt()
        after = self.collect(msg_id)
        return self.reply(msg_id), before + after

    def until_ready(self, msg_id):
        messages = []
        while not any("ready" in self.text([m]) for m in messages):
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") == msg_id:
                self.assertNotEqual(message["content"].get("execution_state"), "idle", messages)
                messages.append(message)
        return messages

    def stopped(self, code, **options):
        reply, messages = self.stop(code, **options)
        self.assertEqual((reply["status"], reply["ename"]), ("error", "Interrupted"), reply)
        return messages

    def setUp(self):
        self.value("const held = 41;")

    def tearDown(self):
        self.assertEqual(self.value("let sum = 0;\nfor (let i = 0; i < 3; i++) sum += await Promise.resolve(1);\nheld + sum"), "44")


class Loops(Stop):
    def test_a_loop_that_catches_everything(self):
        self.stopped("console.log('ready');\nfor (;;) { try { for (;;) {} } catch {} }")

    def test_a_loop_that_catches_everything_after_an_await(self):
        self.stopped("await null;\nconsole.log('ready');\nfor (;;) { try { for (;;) {} } catch {} finally { continue; } }")

    def test_what_a_cell_cleans_up_is_cleaned_up(self):
        self.value("let freed = 0;")
        self.stopped("try {\n  console.log('ready');\n  for (;;) {}\n} finally {\n  for (let i = 0; i < 10; i++) freed++;\n}")
        self.assertEqual(self.value("freed"), "10")

    def test_recursion(self):
        self.stopped("const fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2));\nconsole.log('ready');\nfib(70);")

    def test_recursion_after_an_await(self):
        self.stopped("const fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2));\nawait new Promise((done) => setTimeout(done, 1));\nconsole.log('ready');\nfib(70);")

    def test_callbacks_after_an_await(self):
        self.stopped("const endless: Iterable<number> = { *[Symbol.iterator]() { yield 1; } };\nawait import('node:fs/promises').then((fs) => fs.stat('.'));\nconsole.log('ready');\nconst again = (): void => { Array.from({ length: 1e6 }).forEach(() => [1].map(() => 2)); again2(); };\nconst again2 = (): void => [0].forEach(again);\ntry { again(); } catch { [1e9].forEach((n) => { new Array(n).fill(0).sort(() => 1); }); }")

    def test_a_regular_expression_after_an_await(self):
        self.stopped("await new Promise((done) => setImmediate(done));\nconsole.log('ready');\n/^(a+)+$/.test('a'.repeat(50) + 'b');")

    def test_a_loop_in_an_imported_file(self):
        helper = Path("kernel-test-loops.ts")
        try:
            helper.write_text("export function spin(): void {\n  console.log('ready');\n  for (;;) {}\n}\n")
            self.stopped("import { spin } from './kernel-test-loops';\nspin();")
            self.stopped("import { spin as later } from './kernel-test-loops';\nawait Promise.resolve();\nlater();")
        finally:
            helper.unlink()

    def test_library_code_that_loops_after_an_await(self):
        self.stopped("await null;\nconsole.log('ready');\nnew Function('while (true) {}')();")

    def test_a_timer_s_callback(self):
        self.stopped("setTimeout(() => { console.log('ready'); new Function('for (;;) {}')(); }, 1);\nawait new Promise(() => undefined);")

    def test_a_listener_of_a_stream(self):
        self.stopped("import { spawn } from 'node:child_process';\nspawn('echo', ['text']).stdout.on('data', () => { console.log('ready'); new Function('for (;;) {}')(); });\nawait new Promise(() => undefined);")

    def test_microtasks_that_never_end(self):
        self.stopped("const chain = (): Promise<void> => Promise.resolve().then(chain);\nvoid chain();\nconsole.log('ready');\nawait new Promise(() => undefined);")

    def test_ticks_that_never_end(self):
        # Where the signal comes decides whether the next one is scheduled already.
        for _ in range(20):
            self.stopped("const tick = (): void => process.nextTick(tick);\ntick();\nconsole.log('ready');\nawait new Promise(() => undefined);")

    def test_ticks_and_reactions_that_call_each_other(self):
        for _ in range(10):
            self.stopped("const tick = (): void => process.nextTick(() => { void Promise.resolve().then(tick); tick(); });\ntick();\nconsole.log('ready');\nawait new Promise(() => undefined);")

    def test_ticks_that_each_loop(self):
        self.stopped("const { nextTick } = process;\nfor (let i = 0; i < 3; i++) nextTick(() => { nextTick(new Function('for (;;) {}') as () => void); new Function('for (;;) {}')(); });\nnextTick(() => { throw new Error('late'); });\nconsole.log('ready');\nawait new Promise(() => undefined);")

    def test_a_loop_inside_an_asynchronous_resource(self):
        self.stopped("import { AsyncResource } from 'node:async_hooks';\nawait null;\nconsole.log('ready');\nnew AsyncResource('Test').runInAsyncScope(() => new Function('for (;;) {}')());")

    def test_waiting_for_memory_that_nobody_changes(self):
        self.stopped("console.log('ready');\nAtomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);")

    def test_what_is_shown_loops(self):
        self.stopped("({ [Symbol.for('Jupyter.display')]() { console.log('ready'); new Function('for (;;) {}')(); } })")
        self.stopped("throw { [Symbol.for('nodejs.util.inspect.custom')]() { console.log('ready'); for (;;) {} } };")

    def test_tensors_of_a_scope_that_was_ended_are_freed(self):
        self.value(MODEL)
        before = self.value("tf.memory().numTensors")
        self.stopped("tf.tidy(() => { tf.ones([3]); console.log('ready'); new Function('for (;;) {}')(); });")
        self.assertEqual(self.value("tf.memory().numTensors"), before)
        self.assertEqual(self.value("tf.tidy(() => tf.ones([2]).sum().dataSync()[0])"), "2")


class Waiting(Stop):
    def test_a_promise_that_never_settles_as_the_last_line(self):
        self.stopped("console.log('ready');\nnew Promise(() => {})")

    def test_a_promise_as_the_last_line_is_awaited(self):
        self.assertEqual(self.value("new Promise((done) => setTimeout(() => done('there'), 5))"), "'there'")
        self.assertEqual(self.run_cell("Promise.reject(new RangeError('late'))")[0]["ename"], "RangeError")

    def test_what_a_stopped_cell_did_not_reach_is_as_it_was(self):
        self.value("const kept = [1, 2];\nlet reached = 0;")
        for waits in ("await new Promise(() => undefined);", "new Function('for (;;) {}')();", "await null;\nfor (;;) {}"):
            self.stopped(f"reached++;\nconst first = 'there';\nconsole.log('ready');\n{waits}\nconst kept = 'never';")
            self.assertEqual(self.value("[kept.length, first]"), "[ 2, 'there' ]")
        self.assertEqual(self.value("reached"), "3")

    def test_a_thenable_is_a_value(self):
        self.assertEqual(self.value("({ then() {} })"), "{ then: [Function: then] }")

    def test_a_child_process(self):
        self.stopped("import { execSync } from 'node:child_process';\nconsole.log('ready');\nexecSync('sleep 1000; sleep 1000');")
        self.assertEqual([p.cmdline() for p in psutil.Process(self.manager.provisioner.process.pid).children(recursive=True) if p.status() != psutil.STATUS_ZOMBIE and "sleep" in p.name()], [])

    def test_children_whose_parent_ends_first(self):
        self.stopped("import { execSync } from 'node:child_process';\nconsole.log('ready');\nexecSync('sleep 1000 & sleep 1000 & wait');")

    def test_children_that_are_just_being_started(self):
        for _ in range(10):
            self.stopped("import { execSync } from 'node:child_process';\nconsole.log('ready');\nexecSync('i=0; while [ $i -lt 300 ]; do sleep 1000 & i=$((i+1)); done; wait');")

    def test_a_child_process_that_ignores_signals_after_an_await(self):
        self.stopped("import { spawnSync } from 'node:child_process';\nawait null;\nconsole.log('ready');\nspawnSync('sh', ['-c', 'trap \"\" INT TERM; while :; do sleep 0.1; done']);")

    def test_a_cell_that_waits_in_the_queue_runs_after_the_one_that_was_stopped(self):
        first = self.client.execute("console.log('ready');\nfor (;;) {}", stop_on_error=False)
        second = self.client.execute("'second'")
        self.until_ready(first)
        self.interrupt()
        self.assertEqual(self.reply(first)["ename"], "Interrupted")
        self.assertEqual(self.reply(second)["status"], "ok")
        self.collect(second)

    def test_loops_stop_while_something_that_was_stopped_still_awaits(self):
        self.stopped("const never = new Promise(() => undefined);\nconsole.log('ready');\nawait never;")
        for _ in range(20):
            self.stopped("console.log('ready');\nfor (;;) {}")

    def test_an_interrupt_while_nothing_runs_is_forgotten(self):
        for _ in range(3):
            self.interrupt()
        self.assertEqual(self.value("let n = 0;\nfor (let i = 0; i < 10; i++) n += i;\nawait null;\nn"), "45")

    def test_before_and_during_type_checking(self):
        self.value("let ran = 0;")
        # Types that take long: the cell's own code never begins.
        deep = "type Build<N extends number, T extends unknown[] = []> = T['length'] extends N ? T : Build<N, [...T, unknown]>;\n" + "".join(f"function f{i}() {{ const a: Build<{700 + i}>['length'] = {700 + i}; return a; }}\n" for i in range(80))
        msg_id = self.client.execute(deep + "ran++;")
        while self.client.get_iopub_msg(timeout=TIMEOUT)["msg_type"] != "execute_input":
            pass
        self.interrupt()
        self.collect(msg_id)
        self.assertEqual(self.reply(msg_id)["ename"], "Interrupted")
        self.assertEqual(self.value("ran"), "0")


class Training(Stop):
    def setUp(self):
        super().setUp()
        self.value(MODEL)

    def trains_again(self):
        self.assertEqual(self.value("(await model.fit(x, y, { epochs: 2, verbose: 0 })).epoch.length"), "2")

    def test_a_training_that_is_awaited(self):
        self.stopped("await model.fit(x, y, { epochs: 100_000, batchSize: 8, verbose: 0, callbacks: told });\nconsole.log('went on');")
        self.trains_again()

    def test_a_training_as_the_last_line(self):
        self.stopped("model.fit(x, y, { epochs: 100_000, batchSize: 8, verbose: 0, callbacks: told })")
        self.trains_again()

    def test_a_training_of_a_data_set(self):
        self.stopped("const set = tf.data.array([...Array(64).keys()]).map(() => ({ xs: tf.ones([1]), ys: tf.ones([1]) })).batch(8);\nawait model.fitDataset(set, { epochs: 100_000, verbose: 0, callbacks: told });")
        self.trains_again()

    def test_a_training_that_goes_on_behind(self):
        msg_id = self.client.execute("void model.fit(x, y, { epochs: 100_000, batchSize: 8, verbose: 0, callbacks: told });")
        self.until_ready_after(msg_id)
        self.interrupt()
        self.trains_again()

    def until_ready_after(self, msg_id):
        self.reply(msg_id)
        while "ready" not in self.text([self.client.get_iopub_msg(timeout=TIMEOUT)]):
            pass

    def test_a_training_whose_callback_loops(self):
        self.stopped("await model.fit(x, y, { epochs: 3, verbose: 0, callbacks: { onBatchEnd: async () => { console.log('ready'); new Function('for (;;) {}')(); } } });")
        self.trains_again()


class Flood(Stop):
    def memory(self):
        return psutil.Process(self.manager.provisioner.process.pid).memory_info().rss / 2**20

    def numbers(self, messages):
        """What was shown, by number: nothing may be lost."""
        texts = [m["content"]["text"] if m["msg_type"] == "stream" else m["content"]["data"]["text/plain"] for m in messages if m["msg_type"] in ("stream", "display_data")]
        return [int(number) for text in texts for number in re.findall(r"\d+", text.replace("x", " "))]

    def flood(self, line):
        """Reads slowly what a cell shows without end: the kernel waits for its reader."""
        before = self.memory()
        msg_id = self.client.execute(f"import {{ output }} from 'layerwise/display';\nconst text = 'x'.repeat(20_000);\nfor (let i = 0; ; i++) {{ {line} }}")
        messages, most = [], 0
        while len(messages) < 300:
            messages.append(self.client.get_iopub_msg(timeout=TIMEOUT))
            most = max(most, self.memory())
        self.interrupt()
        messages += self.collect(msg_id)
        self.assertEqual(self.reply(msg_id)["ename"], "Interrupted")
        self.assertLess(most - before, 400)
        numbers = self.numbers(messages)
        self.assertEqual(numbers, list(range(len(numbers))))

    def test_displays_without_end(self):
        self.flood("output({ 'text/plain': text + i });")

    def test_lines_without_end(self):
        self.flood("console.log(text, i);")


class Tracing(Stop):
    def test_a_trace_leaves_random_numbers_weights_and_optimizers_as_they_were(self):
        self.value("""import * as tf from '@tensorflow/tfjs-node';
import { compile } from 'layerwise/graph';
const w = tf.variable(tf.scalar(1));
const optimizer = tf.train.momentum(0.1, 0.9);
const again = new Function('work', 'for (;;) work()');
let endless = false;
const step = compile((x: tf.Tensor) => {
  optimizer.minimize(() => w.mul(x).square().asScalar());
  if (endless) console.log('ready');
  if (endless) again(() => tf.tidy(() => void x.add(1)));
  return w.add(0);
});
step(tf.scalar(1)).dispose();""")
        state = "JSON.stringify([optimizer.iterations, w.dataSync()[0], Math.random() < 1, tf.scalar(4).sqrt().dataSync()[0]])"
        before = self.value(state)
        self.stopped("endless = true;\nstep(tf.scalar(1));")
        self.assertEqual(self.value(state), before)
        self.assertIn("[2,", self.value(f"endless = false;\nstep(tf.scalar(1)).dispose();\n{state}"))


class WhatCannotBeStopped(Stop):
    def test_it_is_said_with_the_way_out_and_the_kernel_goes_on(self):
        # One call into the system, which returns when somebody opens the other end.
        with tempfile.TemporaryDirectory() as folder:
            pipe = Path(folder) / "pipe"
            os.mkfifo(pipe)
            msg_id = self.client.execute(f"import {{ readFileSync }} from 'node:fs';\nconsole.log('ready');\nreadFileSync('{pipe}');\nfor (;;) {{}}")
            self.until_ready(msg_id)
            self.interrupt()
            while True:
                message = self.client.get_iopub_msg(timeout=TIMEOUT)
                if message["content"].get("name") == "stderr":
                    break
            self.assertEqual(message["parent_header"]["msg_id"], msg_id)
            self.assertIn("can't be interrupted", message["content"]["text"])
            self.assertIn("Restart", message["content"]["text"])
            pipe.write_text("")
            self.collect(msg_id)
            self.assertEqual(self.reply(msg_id)["ename"], "Interrupted")


class Input(Stop):
    ASK = "import { prompt } from 'layerwise/display';\nconsole.log('ready');\nprompt('name? ')"

    def ask(self):
        msg_id = self.client.execute(self.ASK, allow_stdin=True)
        return msg_id, self.client.get_stdin_msg(timeout=TIMEOUT)

    def test_an_interrupt_ends_a_question_and_the_next_one_is_asked(self):
        msg_id, old = self.ask()
        self.interrupt()
        self.collect(msg_id)
        self.assertEqual(self.reply(msg_id)["ename"], "Interrupted")
        msg_id, _ = self.ask()
        # What is still typed into the box of the old question answers nothing.
        late = self.client.session.msg("input_reply", {"value": "late"}, parent=old["header"])
        self.client.stdin_channel.send(late)
        self.client.input("Ada")
        self.assertEqual(self.result(self.collect(msg_id)), "'Ada'")
        self.reply(msg_id)

    def test_a_question_after_an_interrupt_of_something_else(self):
        self.stopped("console.log('ready');\nfor (;;) {}")
        self.interrupt()
        # Answers that nobody asked for are dropped.
        self.client.input("nobody asked")
        msg_id, _ = self.ask()
        self.client.input("Grace")
        self.assertEqual(self.result(self.collect(msg_id)), "'Grace'")
        self.reply(msg_id)


class Ends(Stop):
    def test_output_before_process_exit_is_shown_and_the_cell_answered(self):
        manager, client = self.start()
        msg_id = client.execute("for (let i = 0; i < 1000; i++) console.log(`line ${i}`);\nprocess.exit(3);")
        text = ""
        while "line 999" not in text:
            message = client.get_iopub_msg(timeout=TIMEOUT)
            text += message["content"].get("text", "")
        while (reply := client.get_shell_msg(timeout=TIMEOUT))["parent_header"]["msg_id"] != msg_id:
            pass
        self.assertEqual(reply["content"]["ename"], "Exit")
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    def test_a_restart_ends_children(self):
        manager, client = self.start()
        client.execute("import { spawn } from 'node:child_process';\nconst child = spawn('sleep', ['1000'], { stdio: 'ignore' });\nconsole.log(`pid ${child.pid}`);")
        pid = None
        while pid is None:
            text = client.get_iopub_msg(timeout=TIMEOUT)["content"].get("text", "")
            pid = int(text.split()[1]) if text.startswith("pid ") else None
        manager.restart_kernel()
        deadline = time.monotonic() + TIMEOUT
        while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            self.assertLess(time.monotonic(), deadline, "the child lives on")
            time.sleep(0.05)
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    @staticmethod
    def start():
        from jupyter_client.manager import start_new_kernel

        return start_new_kernel(kernel_name="tslab")


if __name__ == "__main__":
    unittest.main(verbosity=2)
