import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { inRoot } from './paths';

const lock = z.object({
  packages: z.record(z.string(), z.looseObject({ version: z.string().optional(), dev: z.boolean().optional() })),
});

/** The npm packages of the lock file, as `path@version`; without those that only tests need. */
export const lockedPackages = (): string[] =>
  Object.entries(lock.parse(JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'))).packages)
    .filter(([name, { dev }]) => name.startsWith('node_modules/') && dev !== true)
    .map(([name, { version = 'linked' }]) => `${name}@${version}`);
