// Milliseconds a training step in graph mode beside Keras 3 (TensorFlow, with XLA too), PyTorch (with torch.compile too)
// and JAX, in one run: npm run bench [-- ROW …]
// The machine should be quiet. Python environments come on demand into build/; PyTorch's packages for Linux are several
// gigabytes where they bring a GPU's libraries.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import readline from 'node:readline';
import { inRoot, nodeShim } from '../../src/setup/paths.mjs';
import { pythonWith } from '../support/python-environment.mjs';

const ROUNDS = 5;
const MILLISECONDS_A_ROUND = 1000;
const TITLES = {
  dense: 'dense 784-512-10, batch 128, Adam',
  convnet: 'convnet 32-64-64 on 28×28, batch 64, RMSprop',
  lstm: 'LSTM 64 steps × 32 → 64, batch 64, Adam',
  gru: 'GRU 64 steps × 32 → 64, batch 64, Adam',
  embedding: 'embedding + LSTM 32 on 200 tokens, batch 32, Adam',
  residual: 'residual convnet on 32×32×3, batch 64, momentum',
  mobilenet: 'MobileNet 0.5 features of 64 photos 160×160',
  'transformer-2': 'transformer, 2 blocks, d 64, 64 tokens, batch 32, Adam',
  'transformer-4': 'transformer, 4 blocks, d 128, 128 tokens, batch 16, Adam',
};
const cores = os.availableParallelism();
const asked = process.argv.slice(2);
const unknown = asked.filter((row) => !(row in TITLES));
if (unknown.length > 0) {
  console.error(`bench: expected rows among ${Object.keys(TITLES).join(', ')}, got ${unknown.join(', ')}`);
  process.exit(1);
}

const tensorflow = pythonWith('tensorflow', inRoot('test', 'support', 'tensorflow-requirements.txt'));
const torch = pythonWith('torch', inRoot('test', 'bench', 'torch-requirements.txt'), []);
const jax = pythonWith('jax', inRoot('test', 'bench', 'jax-requirements.txt'), []);
const worker = (name) => inRoot('test', 'bench', name);
const ours = (mode) => [process.execPath, ['--require', nodeShim, worker('graph-worker.mjs'), mode]];
const CONTESTANTS = [
  { library: 'eager', threads: 'default', command: ours('eager') },
  { library: 'graph', threads: 'default', command: ours('graph') },
  {
    library: 'graph',
    threads: `intra ${cores}, inter 1`,
    command: ours('graph'),
    env: { TF_NUM_INTRAOP_THREADS: String(cores), TF_NUM_INTEROP_THREADS: '1' },
  },
  {
    library: 'graph',
    threads: `intra 1, inter ${cores}`,
    command: ours('graph'),
    env: { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: String(cores) },
  },
  { library: 'Keras', threads: 'default', command: [tensorflow, [worker('graph_keras.py'), 'default']] },
  {
    library: 'Keras',
    threads: `intra ${cores}, inter 1`,
    command: [tensorflow, [worker('graph_keras.py'), `${cores},1`]],
  },
  { library: 'Keras, XLA', threads: 'default', command: [tensorflow, [worker('graph_keras.py'), 'default', 'jit']] },
  { library: 'JAX', threads: 'default', command: [jax, [worker('graph_keras.py'), 'default', 'jax']] },
  { library: 'PyTorch', threads: 'default', command: [torch, [worker('graph_torch.py'), 'default']] },
  { library: 'PyTorch', threads: '1', command: [torch, [worker('graph_torch.py'), '1']] },
  { library: 'torch.compile', threads: 'default', command: [torch, [worker('graph_torch.py'), 'default', 'compile']] },
];
const PEERS = [...new Set(CONTESTANTS.map(({ library }) => library))].filter(
  (name) => !['eager', 'graph'].includes(name),
);

/** A process that answers one line with one line. */
function start({ library, threads, command: [program, args], env = {} }) {
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    cwd: inRoot(),
  });
  const answers = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let errors = '';
  child.stderr.on('data', (text) => (errors = (errors + text).slice(-4000)));
  const ask = async (question) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    for (;;) {
      const { value, done } = await answers.next();
      if (done) throw new Error(`${library} (${threads}) ended: ${errors}`);
      if (value.startsWith('{')) return JSON.parse(value);
    }
  };
  return { library, threads, ask, stop: () => child.stdin.end() };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const load = os.loadavg()[0];
if (load > 0.5) console.log(`the machine is busy (load ${load.toFixed(1)}): the figures will be too high`);
const running = CONTESTANTS.map(start);
const results = [];
const head = ['ms a step (median of five rounds; best threads in brackets)', 'eager', 'graph', ...PEERS];
const ends = ['ratio to the fastest', 'two traces, pays after', ...PEERS.map((name) => `${name}: first step`)];
const tableRow = (cells) => console.log(`| ${cells.join(' | ')} |`);
tableRow([...head, ...ends]);
tableRow([...head, ...ends].map(() => '---'));
for (const row of asked.length > 0 ? asked : Object.keys(TITLES)) {
  const entries = [];
  for (const contestant of running) {
    const { ms, trace = 0, first = 0 } = await contestant.ask({ row, steps: 3 });
    entries.push({
      contestant,
      first,
      steps: Math.min(100, Math.max(3, Math.round(MILLISECONDS_A_ROUND / ms))),
      trace,
      rounds: [],
    });
  }
  for (let round = 0; round < ROUNDS; round++)
    for (const entry of entries) entry.rounds.push((await entry.contestant.ask({ row, steps: entry.steps })).ms);
  for (const { contestant } of entries) await contestant.ask({ row, close: true });
  const of = (library) =>
    entries
      .filter(({ contestant }) => contestant.library === library)
      .map(({ contestant: { threads }, rounds, trace, first }) => ({ threads, ms: median(rounds), trace, first }));
  const best = (library) => of(library).reduce((a, b) => (b.ms < a.ms ? b : a));
  const shown = (library) => {
    const [standard] = of(library);
    const fastest = best(library);
    return fastest.threads === standard.threads
      ? standard.ms.toFixed(2)
      : `${standard.ms.toFixed(2)} (${fastest.ms.toFixed(2)}: ${fastest.threads})`;
  };
  const ratio = best('graph').ms / Math.min(...PEERS.map((name) => best(name).ms));
  const [standard] = of('graph');
  const pays = Math.ceil(standard.trace / (best('eager').ms - standard.ms));
  results.push({
    row,
    ratio,
    contestants: entries.map(({ contestant: { library, threads }, rounds, steps, first }) => ({
      library,
      threads,
      steps,
      first,
      rounds,
    })),
  });
  const firsts = PEERS.map((name) => `${(of(name)[0].first / 1000).toFixed(1)} s`);
  tableRow([
    TITLES[row],
    ...['eager', 'graph', ...PEERS].map(shown),
    ratio.toFixed(2),
    `${standard.trace.toFixed(0)} ms, ${pays} steps`,
    ...firsts,
  ]);
}
for (const { stop } of running) stop();
mkdirSync(inRoot('build', 'bench'), { recursive: true });
writeFileSync(
  inRoot('build', 'bench', 'graph.json'),
  `${JSON.stringify({ cores, processor: os.cpus()[0]?.model, results }, undefined, 1)}\n`,
);
const worst = results.filter(({ ratio }) => ratio > 1);
console.log(
  `\n${cores} cores; every round is in build/bench/graph.json. ${worst.length === 0 ? 'No row is slower than the fastest of the others.' : `Slower than the fastest of the others: ${worst.map(({ row, ratio }) => `${row} (${ratio.toFixed(2)})`).join(', ')}.`}`,
);
