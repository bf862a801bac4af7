import path from 'node:path';
import type { Result } from '../grader/result';
import type { Found } from '../grader/submissions/find';
import { bar, clearLine, drawLine, duration } from './progress-line';

/** Tells how far the grading of a folder is, with the time that is left, and what came out. */
export class GradeProgress {
  private readonly start = performance.now();
  private count = 0;
  private done = 0;
  private graded = 0;
  private failed = 0;

  constructor(
    private readonly folder: string,
    private readonly out: string,
    private readonly how: string,
  ) {}

  readonly onFound = ({ submissions, ignored }: Found): void => {
    this.count = submissions.length;
    for (const { file, why } of ignored) console.log(`Left out: ${file}: ${why}`);
    console.log(`${this.count} submissions; ${this.how}`);
  };

  readonly onResult = (result: Result, isNew: boolean): void => {
    this.done++;
    if (result.ungraded !== undefined) this.failed++;
    else if (isNew) this.graded++;
    clearLine();
    if (isNew) console.log(`${result.assignment}  ${result.student}: ${result.ungraded === undefined ? `${result.points} of ${result.max}${result.problem === undefined ? '' : `, ${result.problem}`}` : `not graded: ${result.ungraded}`}`);
    const left = this.graded > 0 ? `, about ${duration((this.seconds / this.graded) * (this.count - this.done))} left` : '';
    if (this.done < this.count) drawLine(`${bar(this.done / this.count)} ${this.done} of ${this.count}${left}`);
  };

  end(): void {
    clearLine();
    const rate = this.graded > 1 ? ` (${((this.graded * 60) / this.seconds).toFixed(0)} a minute)` : '';
    console.log(`\n${this.graded} graded, ${this.done - this.graded - this.failed} unchanged, ${duration(this.seconds)}${rate}. Table: ${path.relative(process.cwd(), path.join(this.out, 'grades.csv'))}`);
    if (this.failed > 0) console.error(`${this.failed} could not be graded, for the reasons above; they have no points. Run the same command again, and they are graded then.`);
    if (this.count === 0) console.error(`${this.folder}: no submission was found; expected <student>/…/<assignment>.ipynb`);
  }

  private get seconds(): number {
    return (performance.now() - this.start) / 1000;
  }
}
