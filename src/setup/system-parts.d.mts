/** A program of the system that only some parts need. */
export interface SystemPart {
  readonly name: string;
  readonly programs: readonly string[];
  readonly debian: string;
  readonly neededFor: string;
}
export const systemParts: readonly SystemPart[];
export function findProgram(part: SystemPart, env?: NodeJS.ProcessEnv): string | undefined;
export function cureFor(part: SystemPart): string;
