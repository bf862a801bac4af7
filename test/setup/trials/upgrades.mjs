// A clone that is set up, and then changed as updates of the project would, one after the other: only what a change
// touches is done again.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { complaints, differences, expectThat, runIn, setUpIn, stepsDone, tree } from './place.mjs';

const OTHER_PNGJS = '6.0.0';
const IDNA = ['idna==3.10', 'sha256:946d195a0d259cbba61165e88e65941f16e9b36ea6ddb97f00452bae8b1287d3'];
const EXTRA = ['docutils==0.21.2', 'sha256:dafca5b9e384f0e419294eb4d2ff9fa826435bf15f15b7bd45723e8ad76811b2'];

export function upgrades(clone, fresh, report, isFull) {
  const inClone = (...parts) => path.join(clone, ...parts);
  const read = (file) => readFileSync(inClone(file), 'utf8');

  const files = [
    'package.json',
    'package-lock.json',
    'requirements.txt',
    'src/parts/random/seed.ts',
    'src/parts/graph/operations/lstm.cc',
  ];
  const before = files.map(read);
  /** Changes files, sets up, looks. */
  const upgrade = (title, change, expected, look = () => []) => {
    change();
    const changed = setUpIn(clone);
    const wrong = [
      ...expectThat(
        stepsDone(changed.output).join() === expected,
        `redone: ${stepsDone(changed.output).join()}, expected: ${expected}\n${changed.output}`,
      ),
      ...complaints(clone),
      ...look(),
    ];
    report(`update: ${title}`, wrong, `${expected || 'nothing'} redone, ${changed.seconds.toFixed(0)} s`);
  };
  const edit = (file, from, to) => writeFileSync(inClone(file), read(file).replace(from, to));
  const npm = (...args) =>
    runIn(clone, 'npm', [
      ...args,
      '--package-lock-only',
      '--ignore-scripts',
      '--save-exact',
      '--no-audit',
      '--no-fund',
    ]);
  const version = (name) => JSON.parse(read(`node_modules/${name}/package.json`)).version;
  const collected = () => [...read('build/setup.log').matchAll(/^Collecting (\S+)/gm)].map(([, name]) => name).join();
  const hasPython = (name) =>
    readdirSync(inClone('.venv/lib', readdirSync(inClone('.venv/lib'))[0], 'site-packages')).includes(name);

  upgrade(
    'a changed npm pin',
    () => npm('install', `pngjs@${OTHER_PNGJS}`),
    'packages,addon',
    () => expectThat(version('pngjs') === OTHER_PNGJS, version('pngjs')),
  );
  if (isFull) {
    upgrade(
      'a new npm package',
      () => npm('install', 'is-number@7.0.0'),
      'packages,addon',
      () => expectThat(version('is-number') === '7.0.0', 'is-number is missing'),
    );
    upgrade('a changed lock file', () => edit('package-lock.json', /\n$/, '\n\n'), 'packages,addon');
  }
  upgrade(
    'a script in package.json',
    () => edit('package.json', '"scripts": {', '"scripts": {\n    "hello": "echo",'),
    '',
  );
  upgrade(
    'a changed Python pin',
    () => edit('requirements.txt', /^idna==[^#]*?(?=^\S|^ +#)/ms, `${IDNA[0]} --hash=${IDNA[1]}\n`),
    'python',
    () => [
      ...expectThat(collected() === IDNA[0], `pip collected ${collected()}`),
      ...expectThat(hasPython('idna-3.10.dist-info'), 'idna 3.10 is missing'),
    ],
  );
  upgrade(
    'a Python package more',
    () => writeFileSync(inClone('requirements.txt'), `${read('requirements.txt')}${EXTRA[0]} --hash=${EXTRA[1]}\n`),
    'python',
    () => expectThat(collected() === EXTRA[0], `pip collected ${collected()}`),
  );
  upgrade('a source of the package', () => edit('src/parts/random/seed.ts', /$/, '\n'), 'package');
  upgrade(
    'an operation of graph mode',
    () => edit('src/parts/graph/operations/lstm.cc', /$/, '\n'),
    'operations,package',
  );

  files.forEach((file, i) => writeFileSync(inClone(file), before[i]));
  const back = setUpIn(clone);
  report(
    'the files as they were before all updates: set-up leads back to the fresh tree',
    [...expectThat(back.status === 0, back.output), ...differences(fresh, tree(clone))],
    `${stepsDone(back.output).join(', ')} redone, ${back.seconds.toFixed(0)} s`,
  );
}
