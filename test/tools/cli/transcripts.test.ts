// What each command says, and its exit status, as one would see it in a terminal: transcripts/*.txt. A line `$ command`
// is run in the course's folder; what follows is all that it prints. `…` stands for any text in a line, and alone in
// a line for any lines; `[2]` at the end for the exit status 2, nothing for 0.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inRoot, root } from '../../support/root';

const transcripts = inRoot('test', 'tools', 'cli', 'transcripts');
const scratch = inRoot('build', 'test', 'cli');

/** The commands of a transcript, each with what it should print and its status. */
const commandsIn = (text: string): { command: string; printed: string; status: number }[] =>
  text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command, ...lines] = part.trimEnd().split('\n');
      const status = /^\[(\d+)\]$/.exec(lines.at(-1) ?? '')?.[1];
      return {
        command,
        printed: (status === undefined ? lines : lines.slice(0, -1)).join('\n').trim(),
        status: Number(status ?? 0),
      };
    });

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const pattern = (printed: string): RegExp =>
  new RegExp(
    `^${printed
      .split('\n')
      .map((line) => (line === '…' ? '(?:.*\\n)*?.*' : line.split('…').map(escaped).join('.*')))
      .join('\\n')}$`,
  );

beforeAll(() => {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(path.join(scratch, 'empty'), { recursive: true });
  mkdirSync(path.join(scratch, 'class', 'ada'), { recursive: true });
  writeFileSync(path.join(scratch, 'class', 'ada', 'notes.txt'), 'no notebook');
  writeFileSync(path.join(scratch, 'roster.csv'), 'first,second\n1,2\n');
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.each(readdirSync(transcripts).sort())('%s', (file) => {
  it.each(commandsIn(readFileSync(path.join(transcripts, file), 'utf8')))(
    '$command',
    ({ command, printed, status }) => {
      const env = { ...process.env, NO_COLOR: '1', TF_CPP_MIN_LOG_LEVEL: undefined, LAYERWISE_REDIS: undefined };
      const run = spawnSync('sh', ['-c', `${command} 2>&1`], { cwd: root, encoding: 'utf8', env });
      expect(run.stdout.trim()).toMatch(pattern(printed));
      expect(run.status).toBe(status);
    },
  );
});
