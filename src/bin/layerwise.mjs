#!/usr/bin/env node
// The launcher behind `./layerwise …`. It works before set-up too: `doctor` then says what is missing.
import { existsSync } from 'fs';
import { createRequire } from 'module';
import nodeVersion from '../setup/node-version.cjs';
import { utf8Locale } from '../setup/locale.mjs';
import { inRoot, nodeShim } from '../setup/paths.mjs';

async function main(command) {
  nodeVersion.checkNode();
  Object.assign(process.env, utf8Locale());
  // What TensorFlow says of its own start concerns nobody who types a command. (Old versions of Node read this file too.)
  if (process.env.TF_CPP_MIN_LOG_LEVEL === undefined) process.env.TF_CPP_MIN_LOG_LEVEL = '3';
  if (command === 'doctor') {
    const { doctor } = await import('../setup/doctor.mjs');
    process.exitCode = doctor();
  } else if (!existsSync(inRoot('src', 'dist', 'tools', 'cli', 'main.js'))) {
    console.error('Layerwise is not set up yet. Run: npm start (or npm run setup, which runs no chapters)');
    process.exitCode = 1;
  } else {
    const require = createRequire(import.meta.url);
    require(nodeShim);
    await require('../dist/tools/cli/main.js').main(process.argv);
  }
}

main(process.argv[2]).catch((error) => {
  console.error(error.cure ? `${error.message}\nTo mend it: ${error.cure}` : error);
  process.exitCode = 1;
});
