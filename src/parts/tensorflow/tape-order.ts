import type * as tfjs from '@tensorflow/tfjs-node';
import { isList } from './members';
import { tapeWriter, type TapeNode } from './private-members';

/** The engines that have been mended. */
const ordered = new WeakSet<object>();

/**
 * Mends second derivatives of TensorFlow.js. An operation whose gradient uses its own result (`exp`, `sigmoid`, `tanh`,
 * `softmax`, `pow` and others) keeps a copy of it. TensorFlow.js writes the copy on the tape before the operation, so
 * that nothing leads from there back to the input, and a gradient of the gradient lacks a term without a word. From now
 * on the operation comes first.
 */
export function orderTape(tf: typeof tfjs): void {
  const engine = tapeWriter.of(tf.engine());
  if (ordered.has(engine)) return;
  ordered.add(engine);
  const { addTapeNode } = engine;
  engine.addTapeNode = function (kernel, inputs, outputs, ...rest) {
    // A caller gets this very list, such as that of `unstack`, and may turn it around.
    Reflect.apply(addTapeNode, engine, [kernel, inputs, isList(outputs) ? [...outputs] : outputs, ...rest]);
    if (engine.state.activeTape) sortInLast(engine.state.activeTape);
  };
}

/** Moves the last operation before those that use what it made. They can't be older than its result. */
function sortInLast(tape: TapeNode[]): void {
  const last = tape.at(-1);
  const born = last?.outputs[0]?.id;
  if (last === undefined || born === undefined) return;
  const given = new Set(Object.values(last.inputs));
  let place = tape.length - 1;
  for (let at = place - 1; at >= 0; at--) {
    const { inputs, outputs } = tape[at];
    if (!(outputs[0]?.id > born) || outputs.some((made) => given.has(made))) break;
    if (Object.values(inputs).some((input) => input !== undefined && last.outputs.includes(input))) place = at;
  }
  if (place < tape.length - 1) tape.splice(place, 0, ...tape.splice(-1));
}
