export function hashOf(...parts: string[]): string;
export function hashOfFiles(files: readonly string[]): string;
export function readStamp(file: string): string | undefined;
export function writeStamp(file: string, key: string): void;
export function removeStamp(file: string): void;
