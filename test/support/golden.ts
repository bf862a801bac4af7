import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** Reads golden values, checked against their shape. */
export const golden = <T>(name: string, shape: z.ZodType<T>): T =>
  shape.parse(JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8')));
