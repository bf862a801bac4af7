import path from 'node:path';
import type { WrittenGrades } from '../assignments/report/grades';
import { plainLine } from '../assignments/report/plain-text';
import type { Result } from '../assignments/result';
import type { Found } from '../assignments/submissions/find';
import { bar, clearLine, drawLine, duration } from './progress-line';

const shown = (out: string, name: string): string => path.relative(process.cwd(), path.join(out, name));
const MOST_OF_A_KIND = 5;

/** Names what is left out; where many have one reason, the first of them. All are in `left-out.csv`. */
function tellLeftOut(ignored: Found['ignored']): void {
  const byReason = new Map<string, string[]>();
  for (const { file, why } of ignored) byReason.set(why, [...(byReason.get(why) ?? []), file]);
  for (const [why, files] of byReason) {
    for (const file of files.slice(0, MOST_OF_A_KIND)) console.log(plainLine(`Left out: ${file}: ${why}`));
    if (files.length > MOST_OF_A_KIND)
      console.log(plainLine(`Left out: ${files.length - MOST_OF_A_KIND} more, in left-out.csv: ${why}`));
  }
}

/** Tells what is left to do by hand. */
export function tellWritten(out: string, { toMark, kept, broken }: WrittenGrades): void {
  for (const file of broken) console.error(plainLine(`${file}: no result any more; grade that submission again`));
  if (kept !== undefined)
    console.error(
      plainLine(`${kept}: what was filled in here has no place in the new words.csv any more, or can't be read`),
    );
  if (toMark > 0)
    console.log(
      `Answers in words to mark: ${toMark}. Read them in ${shown(out, 'words.html')}, fill in the points in ${shown(out, 'words.csv')}, then: ./layerwise grade --words ${shown(out, 'words.csv')}`,
    );
}

/** Tells how far the grading of a folder is, with the time that is left, and what came out. */
export class GradeProgress {
  private readonly start = performance.now();
  private count = 0;
  private done = 0;
  private graded = 0;
  private failed = 0;
  private written: WrittenGrades | undefined;

  constructor(
    private readonly folder: string,
    private readonly out: string,
    private readonly how: string,
  ) {}

  readonly onFound = ({ submissions, students, ignored }: Found): void => {
    this.count = submissions.length;
    tellLeftOut(ignored);
    for (const { student, assignment, copies } of submissions)
      if (copies !== undefined) console.log(plainLine(`${student}, ${assignment}: ${copies}`));
    const without = students.filter(({ student }) => !submissions.some((submission) => submission.student === student));
    if (without.length > 0)
      console.log(
        plainLine(
          `${without.length} of ${students.length} students without a submission: ${without.map(({ student }) => student).join(', ')}`,
        ),
      );
    const strangers = students.filter(({ isListed }) => !isListed);
    if (strangers.length > 0)
      console.log(plainLine(`Not on the roster: ${strangers.map(({ student }) => student).join(', ')}`));
    console.log(`${this.count} submissions; ${this.how}`);
  };

  readonly onResult = (result: Result, isNew: boolean): void => {
    this.done++;
    if (result.ungraded !== undefined) this.failed++;
    else if (isNew) this.graded++;
    clearLine();
    if (isNew)
      console.log(
        plainLine(
          `${result.assignment}  ${result.student}: ${result.ungraded === undefined ? `${result.points} of ${result.max}${result.problem === undefined ? '' : `, ${result.problem}`}` : `not graded: ${result.ungraded}`}`,
        ),
      );
    const left =
      this.graded > 0 ? `, about ${duration((this.seconds / this.graded) * (this.count - this.done))} left` : '';
    if (this.done < this.count) drawLine(`${bar(this.done / this.count)} ${this.done} of ${this.count}${left}`);
  };

  readonly onWritten = (written: WrittenGrades): void => {
    this.written = written;
  };

  end(): void {
    clearLine();
    const rate = this.graded > 1 ? ` (${((this.graded * 60) / this.seconds).toFixed(0)} a minute)` : '';
    console.log(
      `\n${this.graded} graded, ${this.done - this.graded - this.failed} unchanged, ${duration(this.seconds)}${rate}. Tables: ${shown(this.out, 'summary.csv')}, with each test: ${shown(this.out, 'grades.csv')}`,
    );
    if (this.failed > 0)
      console.error(
        `${this.failed} could not be graded, for the reasons above; they have no points. Run the same command again, and they are graded then.`,
      );
    if (this.written) tellWritten(this.out, this.written);
    if (this.count === 0)
      console.error(`${this.folder}: no submission was found; expected <student>/…/<assignment>.ipynb, or archives`);
  }

  private get seconds(): number {
    return (performance.now() - this.start) / 1000;
  }
}
