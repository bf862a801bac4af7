export const root: string;
export function inRoot(...parts: string[]): string;
export const venvPython: string;
export const nodeShim: string;
export const kernelspecs: string;
export const tfjsNode: string;
export const temporary: string;
