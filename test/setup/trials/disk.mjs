// A full disk (a tmpfs of 3 GB) and a folder that can only be read, both made with bubblewrap.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gigabytes } from '../../../src/setup/explain.mjs';
import { steps } from '../../../src/setup/steps.mjs';
import { expectThat, give, newClone, newFolder, runIn, setUpIn } from './place.mjs';

// Inside: the disk is filled when a step has begun, and emptied again when set-up has failed. What it prints is read
// outside.
const SCRIPT = `
set -u
cp -r "$1"/. . || exit 9
set_up() { echo "== $1"; node src/setup/index.cjs 2>&1; echo "status $?"; }
fill() { # in pieces, since one that doesn't fit is taken back whole; $1: the megabytes to leave
  piece=0; while [ "$(df --output=avail -m . | tail -1)" -gt "$1" ] && fallocate -o $((piece * 16))M -l 16M filler 2>/dev/null; do piece=$((piece + 1)); done; }
filled_when() { # the command that tells that the step has begun
  (until eval "$2"; do sleep 0.02; done; fill 16; cat /dev/zero >>filler 2>/dev/null) & watcher=$!; set_up "$1"; kill $watcher 2>/dev/null; wait; rm -f filler; }
fill 600; set_up before; rm filler
filled_when packages '[ -e build/tmp/packages/node_modules ]'
filled_when python '[ -e .venv/bin/pip ]'
filled_when tensorflow '[ -e .native/aside/wheel ]'
filled_when package 'grep -qs "outDir .*/src/dist.aside" build/setup.log' # before it writes: that takes less time than to fill the disk
set_up repaired
echo "== doctor"; node src/bin/layerwise.mjs doctor
`;

const NO_SPACE =
  /Set-up stopped: [\s\S]*no space was left on the disk; 0\.0 GB are free now where .* is\nTo mend it: make space \(set-up needs 2\.5 GB in all\), then run the same command again: what is done is kept/;

export function fullDisk(report) {
  const source = newClone('source');
  const disk = newFolder('small disk');
  const script = path.join(newFolder('script'), 'fill.sh');
  writeFileSync(script, SCRIPT);
  const { output, seconds } = runIn(
    disk,
    'bwrap',
    [
      '--dev-bind',
      '/',
      '/',
      '--size',
      String(3 * 2 ** 30),
      '--tmpfs',
      disk,
      '--chdir',
      disk,
      'bash',
      give(script),
      source,
    ],
    {},
    1200,
  );
  const part = (name) =>
    new RegExp(`^== ${name}\\n([\\s\\S]*?)(?=^== |$(?![\\s\\S]))`, 'm').exec(output)?.[1] ??
    `it did not come so far:\n${output}`;
  const says = (name, pattern) => expectThat(pattern.test(part(name)) && /status 1/.test(part(name)), part(name));
  const needed = gigabytes(steps.reduce((sum, { bytes = 0 }) => sum + bytes, 0));
  report(
    'a full disk: said before anything is begun',
    says(
      'before',
      new RegExp(
        `Set-up stopped: set-up needs ${needed} more, and only 0\\.6 GB are free on the disk that holds .*\nTo mend it: make space`,
      ),
    ),
  );
  for (const step of ['packages', 'python', 'tensorflow', 'package'])
    report(`a disk that gets full while set-up is at ${step}`, says(step, NO_SPACE));
  const wrong = part('doctor')
    .split('\n')
    .filter((line) => /^\[(WARN|FAIL)\]/.test(line) && !/Chromium|redis-server|bubblewrap/.test(line));
  report(
    'when there is space again, set-up goes on where it was',
    /status 0/.test(part('repaired')) && part('doctor').includes('[OK]') ? wrong : [part('repaired'), part('doctor')],
    `${seconds.toFixed(0)} s for all of it`,
  );
}

/** A folder on a disk that can only be read, and one that belongs to somebody else. */
export function readOnly(clone, report) {
  const fresh = newClone('only for reading');
  const inside = (folder, ...args) =>
    runIn('/', 'bwrap', ['--dev-bind', '/', '/', '--ro-bind', folder, folder, '--chdir', folder, 'node', ...args]);
  const refused = inside(fresh, 'src/setup/index.cjs');
  report(
    'a folder that can only be read',
    expectThat(
      /Set-up stopped: .* lies on a disk that can only be read\nTo mend it: clone the course into a folder that you can write to/.test(
        refused.output,
      ) && refused.status === 1,
      refused.output,
    ),
  );
  const ready = inside(clone, 'src/setup/index.cjs');
  report(
    'the same, but set up before: nothing to do',
    expectThat(ready.status === 0 && ready.output === '', ready.output),
  );
}

export function ofSomebodyElse(report) {
  const refused = setUpIn(give(newClone("somebody else's"), 0));
  report(
    "a folder of somebody else's",
    expectThat(
      /Set-up stopped: you may not write to .*\nTo mend it: clone the course into a folder of your own, or make this one yours: chown -R/.test(
        refused.output,
      ),
      refused.output,
    ),
  );
}
