import path from 'node:path';

/** The project's folder: this file is `src/tools/paths.ts`, or compiled `src/dist/tools/paths.js`. */
export const root = path.resolve(__dirname, path.basename(path.dirname(__dirname)) === 'dist' ? '../../..' : '../..');
export const inRoot = (...parts: string[]): string => path.join(root, ...parts);
/** A program of the project's own Python environment. */
export const venv = (program: string): string => inRoot('.venv', 'bin', program);
