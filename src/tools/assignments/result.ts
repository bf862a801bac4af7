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

const exerciseResult = z.strictObject({
  name: z.string(),
  title: z.string(),
  points: z.number(),
  max: z.number(),
  tests: z.array(testResult),
});

const cellResult = z.strictObject({
  cell: z.string(),
  status: z.enum(['error', 'timeout', 'crashed', 'not-run', 'slow']),
  message: z.string(),
});

const mark = z.strictObject({ points: z.number(), comment: z.string().optional() });

const wordsResult = z.strictObject({
  /** Id of the cell for the answer. */
  question: z.string(),
  /** Whether an answer was found, nothing was written, or a person must look because its place wasn't recognized. */
  found: z.enum(['answered', 'blank', 'unsure']),
  /** Why a person must look. */
  why: z.string().optional(),
  answer: z.string(),
  max: z.number(),
  /** What a person gave for it. */
  mark: mark.optional(),
});

/** What is written to `result.json`. The same submission, tests and secret give the same content. */
export const resultSchema = z.strictObject({
  schema: z.literal(1),
  student: z.string(),
  assignment: z.string(),
  /** Hash of the submission, the tests, the secret and the software. */
  key: z.string(),
  /** False where no sandbox kept the submission from changing its points. */
  trusted: z.boolean(),
  /**
   * How the submission was kept in. `userNamespaces`: those that it could have made are switched off, refused by the
   * filter of system calls alone, or open.
   */
  sandbox: z.strictObject({
    kind: z.enum(['bubblewrap', 'none']),
    limits: z.string(),
    userNamespaces: z.enum(['closed', 'filtered', 'open']),
  }),
  points: z.number(),
  max: z.number(),
  /** Why nothing could be run. */
  problem: z.string().optional(),
  /**
   * Why grading itself failed, which is no fault of the submission: it has no points yet, and is graded again the next
   * time.
   */
  ungraded: z.string().optional(),
  /** Cells that didn't end well, or were slow. */
  cells: z.array(cellResult),
  exercises: z.array(exerciseResult),
  /** Where the notebook lay that was graded; and where there were several, which counts and why. */
  handedIn: z.strictObject({ file: z.string(), copies: z.string().optional() }).optional(),
  /** Answers in words. Their points are not among those above. */
  words: z.array(wordsResult).optional(),
});

export type Status = (typeof STATUSES)[number];
export type TestResult = z.infer<typeof testResult>;
export type ExerciseResult = z.infer<typeof exerciseResult>;
export type CellResult = z.infer<typeof cellResult>;
export type WordsResult = z.infer<typeof wordsResult>;
export type Result = z.infer<typeof resultSchema>;
