import type { RandomGenerator } from '../random';

/** So many values, each made from its number. */
export const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** Numbers between −size and size. */
export const numbers = (draw: RandomGenerator, count: number, size = 3): number[] =>
  times(count, () => draw.between(-size, size));

/** A matrix of such numbers. */
export const matrix = (draw: RandomGenerator, rows: number, columns: number, size = 3): number[][] =>
  times(rows, () => numbers(draw, columns, size));

/** Whole numbers from 0 to limit − 1. */
export const wholes = (draw: RandomGenerator, count: number, limit: number): number[] =>
  times(count, () => draw.integer(limit));
