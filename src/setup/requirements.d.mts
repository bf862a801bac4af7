export function findPython(candidates?: readonly string[]): { executable: string; version: string };
export function findCompiler(candidates?: readonly string[]): { command: string; version: string };
export function checkSpace(bytes: number, free?: number): void;
