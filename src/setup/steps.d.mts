import type { Step } from './set-up.mjs';
export const steps: readonly Step[];
export const stepsForTests: readonly Step[];
