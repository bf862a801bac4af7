/** A program of the system that only some parts need. */
export interface SystemPart {
  readonly name: string;
  readonly programs: readonly string[];
}

export const systemParts: readonly SystemPart[];
export function findProgram(part: SystemPart, env?: NodeJS.ProcessEnv): string | undefined;
