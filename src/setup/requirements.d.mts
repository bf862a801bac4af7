export const OLDEST_NODE: readonly number[];
export function checkNode(version?: string): string;
export function findPython(candidates?: readonly string[]): { executable: string; version: string };
export function findCompiler(candidates?: readonly string[]): { command: string; version: string };
