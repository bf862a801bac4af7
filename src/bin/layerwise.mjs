#!/usr/bin/env node
// The launcher behind `npx --no layerwise …`. It works before set-up too: `doctor` then says what is missing.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { inRoot, nodeShim } from '../setup/paths.mjs';

const [command] = process.argv.slice(2);
if (command === 'doctor') {
  const { doctor } = await import('../setup/doctor.mjs');
  process.exitCode = doctor();
} else if (!existsSync(inRoot('src', 'dist', 'cli', 'main.js'))) {
  console.error('Layerwise is not set up yet. Run: npm run setup');
  process.exitCode = 1;
} else {
  const require = createRequire(import.meta.url);
  require(nodeShim);
  await require('../dist/cli/main.js').main(process.argv);
}
