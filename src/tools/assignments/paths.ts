import path from 'node:path';

/** The project's folder: this file is `src/tools/assignments/paths.ts`, or compiled `src/dist/tools/assignments/paths.js`. */
export const root = path.resolve(__dirname, path.basename(path.dirname(__dirname)) === 'dist' ? '../../..' : '../..');
export const inRoot = (...parts: string[]): string => path.join(root, ...parts);
