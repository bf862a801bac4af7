import type { Result } from './result';

/** Puts scores into a gradebook of nbgrader. */
export async function toGradebook(_: { readonly course: string; readonly submissions: string; readonly out: string; readonly results: readonly Result[] }): Promise<void> {
  throw new Error('not yet');
}
