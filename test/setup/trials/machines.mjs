// Versions of Node and Python: old ones are refused in words, and each that is promised does its work.
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { folderOfNode } from '../../support/other-node.mjs';
import { complaints, environment, expectThat, newClone, newFolder, runIn, setUpIn } from './place.mjs';

const OLD = [10, 12, 18];
const PROMISED = [20, 22, 24];

/** A PATH that begins with a Node of this version. */
const pathWithNode = (version) => `${folderOfNode(version)}${path.delimiter}${environment().PATH}`;

export function oldPrograms(report) {
  const clone = newClone('fresh');
  for (const version of OLD) {
    const PATH = pathWithNode(version);
    const pattern = new RegExp(
      `^\\s*(?:Set-up stopped: )?Node ${version}\\.\\S+ is too old: Layerwise needs 20\\.19 or newer\\nTo mend it: install Node 22`,
    );
    const refused = setUpIn(clone, { PATH });
    // The launcher is a module, which Node 10 doesn't know yet.
    const launcher = version < 12 ? refused : runIn(clone, 'node', ['src/bin/layerwise.mjs', 'doctor'], { PATH });
    report(
      `Node ${version}`,
      [refused, launcher].flatMap(({ status, output }) => expectThat(status === 1 && pattern.test(output), output)),
    );
  }
  const fake = newFolder('fake');
  const python = path.join(fake, 'python3');
  for (const [title, version, hasVenv, found] of [
    ['Python too old', '3.9', 'True', 'is 3.9)'],
    ['Python too new', '3.14', 'True', 'is 3.14)'],
    ['Python without venv', '3.12', 'False', 'is 3.12 without venv)'],
  ]) {
    writeFileSync(python, `#!/bin/sh\nprintf "%s\\n${version}\\n${hasVenv}\\n" "$0"\n`);
    chmodSync(python, 0o755);
    const { status, output } = setUpIn(clone, { LAYERWISE_PYTHON: python });
    const isFine =
      status === 1 &&
      output.includes('Set-up stopped: no Python from 3.11 to 3.13 with the venv module was found (found: ') &&
      output.includes(found) &&
      /To mend it: (sudo )?apt-get install -y python3 python3-venv|brew|install Python/.test(output);
    report(title, [
      ...expectThat(isFine, output),
      ...expectThat(!existsSync(path.join(clone, 'node_modules')), 'something was installed'),
    ]);
  }
}

/** Set-up, unit tests and two chapters with each promised Node. */
export function promisedNodes(report) {
  for (const version of PROMISED) {
    const PATH = pathWithNode(version);
    const clone = newClone(`Node ${version}`);
    const setUp = setUpIn(clone, { PATH });
    const unit = runIn(clone, 'npm', ['test', '--silent', '--', 'parts', 'unit'], { PATH }, 1200);
    const book = runIn(clone, 'npx', ['--no', 'layerwise', 'book', '--only', '00', '02'], { PATH });
    const used = runIn(clone, 'node', ['--version'], { PATH }).output.trim();
    const counts = /^\d+ passed, 0 failed$/m.exec(unit.output)?.[0];
    report(
      `Node ${used}: set-up, unit tests, chapters 00 and 02`,
      [
        ...expectThat(setUp.status === 0, setUp.output),
        ...complaints(clone, { PATH }),
        ...expectThat(counts, unit.output.slice(-6000)),
        ...expectThat(book.status === 0, book.output),
      ],
      `set-up ${setUp.seconds.toFixed(0)} s, ${counts} in ${unit.seconds.toFixed(0)} s, chapters ${book.seconds.toFixed(0)} s`,
    );
  }
}
