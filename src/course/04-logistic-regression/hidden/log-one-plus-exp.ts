/** ln(1 + e^z) by its series where the exponential would overflow. */
export const logOnePlusExp = (z: number): number => (z > 30 ? z + Math.exp(-z) : Math.log(1 + Math.exp(z)));
