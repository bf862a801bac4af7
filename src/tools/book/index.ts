// Chapters as a book: checking the sources, executing them, rendering handouts.
export { makeBook, type BookOptions, type BookProgress, type BookResult } from './book';
export { hasFormatter } from './cell-format';
export { checkChapterTable, checkNotebooks, type CheckOptions, type CheckResult } from './check';
export { coverageFile, missingWorkedNumbers, readCoverage } from './coverage';
export { giveLearnerCopy, type LearnerCopy } from './learner-copy';
export { lintNotebook, styleFigures } from './lint';
export { newChapter } from './new-chapter';
