export interface StageResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly details: string;
  /** Lines to show that count as nothing; absent where there are none. */
  readonly warnings?: readonly string[];
}
type Reader = (status: number, output: string) => StageResult;
export function linesOf(output: string): string[];
export const ofStatus: Reader;
export const ofLines: Reader;
export const ofUnittest: Reader;
export function ofVitest(report: string): Reader;
export function ofBook(report: string): Reader;
