/** Grading itself failed: no fault of the submission, which is to be graded again. */
export class GradingFailed extends Error {
  override readonly name = 'GradingFailed';
}
