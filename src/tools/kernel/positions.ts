/** The offset in UTF-16 units, as JavaScript counts, of an offset in code points, as the protocol counts. */
export const toUtf16 = (code: string, points: number): number => Array.from(code).slice(0, points).join('').length;

/** The other way round. */
export const toCodePoints = (code: string, units: number): number => Array.from(code.slice(0, units)).length;
