import ts from 'typescript';
import { Checker } from '../kernel/checker';
import type { Diagnosis } from '../kernel/diagnosis';
import { showDiagnoses } from '../kernel/shown-error';
import { declarationsOf } from '../notebook';
import { blockerOf, type Refused } from './blocked';
import type { CellText, LiveCell } from './chapter';
import { compileCells, type Known } from './compile';
import { packsOf } from './modules';

/** What the compiler says of a cell that it refuses. */
export interface Refusal {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
  /** The first line that is wrong, from 1. */
  readonly line: number;
}

/** A cell that the compiler refuses as it was changed. */
export interface RefusedChange extends Refused {
  readonly error: Refusal;
}

/** What became of a chapter's cells with what a reader wrote in them. */
export interface Revised {
  readonly cells: readonly LiveCell[];
  /** What the compiler says of the cell that was asked for. */
  readonly error?: Refusal;
  /** Whether it is the cell's lesson that the compiler refuses it. */
  readonly isLesson?: boolean;
  /** A changed cell that it builds on, and that the compiler refuses. */
  readonly blocker?: RefusedChange;
}

/** Checks and compiles the cells of a chapter as readers change them, as the kernel does. */
export class Workshop {
  private readonly checker: Checker;
  private readonly known: Known = new Map();
  /** What was found of texts, by all that was written before them. */
  private readonly found = new Map<string, Refusal | undefined>();

  /** @param root where the project's settings and declarations lie, as the compiler's file system has them. */
  constructor(
    private readonly texts: readonly CellText[],
    root: string,
  ) {
    this.checker = new Checker(`${root}/notebooks`, root);
  }

  /**
   * The chapter with other texts in some cells.
   *
   * @param changed what readers wrote, by cells' ids.
   * @param asked the cell that is about to run.
   */
  revise(changed: ReadonlyMap<string, string>, asked: string): Revised {
    const texts: CellText[] = [];
    const refused: RefusedChange[] = [];
    let error: Refusal | undefined;
    let isLesson = false;
    for (const text of this.texts) {
      const source = changed.get(text.id);
      const now = source === undefined ? text : { id: text.id, source, nodeOnly: text.nodeOnly };
      // A changed cell that is refused declares nothing, as in the kernel.
      const isOpen = source !== undefined || text.id === asked;
      const wrong = isOpen ? this.check(texts, now) : undefined;
      if (text.id === asked) [error, isLesson] = [wrong, now.isRefused === true];
      else if (wrong && source !== undefined)
        refused.push({ id: text.id, error: wrong, declares: [text.source, source].flatMap(namesIn) });
      texts.push(isOpen ? { ...now, isRefused: wrong !== undefined } : now);
    }
    const cells = compileCells(texts, this.known);
    return { cells, error, isLesson, blocker: blockerOf(asked, cells, texts, refused) };
  }

  private check(before: readonly CellText[], cell: CellText): Refusal | undefined {
    // Of what a page doesn't have it has no types either; the reason is said instead.
    if (importsMissing(cell.source)) return undefined;
    const accepted = before.filter(({ isRefused }) => !isRefused).map(({ source }) => source);
    const key = JSON.stringify([...accepted, cell.source]);
    if (this.found.has(key)) return this.found.get(key);
    const { diagnoses } = this.checker.checkAfter(accepted, cell.source);
    const error = diagnoses.length > 0 ? refusal(cell.source, diagnoses) : undefined;
    this.found.set(key, error);
    return error;
  }
}

const namesIn = (source: string): string[] => declarationsOf(source).map(({ name }) => name);

const importsMissing = (source: string): boolean =>
  ts.preProcessFile(source).importedFiles.some(({ fileName }) => packsOf(fileName) === undefined);

// The colors of a terminal.
const COLORS = /\u001b\[\d+m/g;

function refusal(code: string, diagnoses: readonly Diagnosis[]): Refusal {
  const { ename, evalue, traceback } = showDiagnoses(code, diagnoses);
  return { ename, evalue, traceback: traceback.map((line) => line.replaceAll(COLORS, '')), line: diagnoses[0].line };
}
