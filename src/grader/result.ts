import { z } from 'zod';

/** How a test ended. */
export const STATUSES = ['pass', 'fail', 'error', 'timeout', 'crashed', 'not-run'] as const;

const testResult = z.strictObject({
  name: z.string(),
  hidden: z.boolean(),
  status: z.enum(STATUSES),
  points: z.number(),
  max: z.number(),
  message: z.string().optional(),
});

const exerciseResult = z.strictObject({ name: z.string(), title: z.string(), points: z.number(), max: z.number(), tests: z.array(testResult) });

const cellResult = z.strictObject({ cell: z.string(), status: z.enum(['error', 'timeout', 'crashed', 'not-run', 'slow']), message: z.string() });

/** What is written to `result.json`. The same submission, tests and secret give the same content. */
export const resultSchema = z.strictObject({
  schema: z.literal(1),
  student: z.string(),
  assignment: z.string(),
  /** Hash of the submission, the tests, the secret and the software. */
  key: z.string(),
  /** False where no sandbox kept the submission from changing its points. */
  trusted: z.boolean(),
  sandbox: z.strictObject({ kind: z.enum(['bubblewrap', 'none']), limits: z.string() }),
  points: z.number(),
  max: z.number(),
  /** Why nothing could be run. */
  problem: z.string().optional(),
  /** Why grading itself failed, which is no fault of the submission: it has no points yet, and is graded again the next time. */
  ungraded: z.string().optional(),
  /** Cells that didn't end well, or were slow. */
  cells: z.array(cellResult),
  exercises: z.array(exerciseResult),
});

export type Status = (typeof STATUSES)[number];
export type TestResult = z.infer<typeof testResult>;
export type ExerciseResult = z.infer<typeof exerciseResult>;
export type CellResult = z.infer<typeof cellResult>;
export type Result = z.infer<typeof resultSchema>;
