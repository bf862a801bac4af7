export const checks: readonly (readonly [string, () => unknown])[];
