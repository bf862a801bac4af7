import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { codeCells, readNotebook } from '../notebook';
import { assignment, assignmentNames, referenceFile } from './assignment';
import { forNbgrader } from './for-nbgrader';
import { inRoot } from '../paths';
import { CHECKED } from './release/solutions';
import { studentNotebook } from './release/student-notebook';
import { exerciseTable } from './report/feedback';
import type { Result } from './result';
import type { Content } from './submissions/read-file';
import { readHandedIn } from './submissions/read-notebook';

/** For each exercise of an assignment, the cell that nbgrader knows it by. */
function gradeIds(name: string): Map<string, string> {
  const cells = codeCells(readNotebook(referenceFile(name)));
  return new Map(
    cells.flatMap(({ id, source }) =>
      [CHECKED.exec(source)?.[1]].flatMap((exercise) => (exercise === undefined ? [] : [[exercise, id] as const])),
    ),
  );
}

/** What a course of nbgrader needs so that its steps leave our notebooks as they are. */
const CONFIG = `from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, ComputeChecksums, LockCells, SaveCells

c = get_config()
c.CourseDirectory.course_id = "layerwise"
# The solutions have been cut when notebooks get here; nbgrader's own cutting knows no TypeScript.
c.GenerateAssignment.preprocessors = [LockCells, ClearOutput, CheckCellMetadata, ComputeChecksums, SaveCells]
c.ClearSolutions.code_stub = {"typescript": "throw new Error('not written yet');"}
# A cell that was deleted comes back, so that its score has a place.
c.OverwriteCells.add_missing_cells = True
c.ClearSolutions.enforce_metadata = False
`;

/** Runs a program of the project's Python and hands on what it prints, line by line. */
function python(args: readonly string[], cwd: string, input: string, onLine: (line: string) => void): Promise<void> {
  // nbgrader starts other programs of its environment by their names.
  const env = {
    ...process.env,
    PATH: [inRoot('.venv', 'bin'), process.env.PATH].join(path.delimiter),
    PYTHONUNBUFFERED: '1',
  };
  const child = spawn(inRoot('.venv', 'bin', 'python'), args, { cwd, stdio: ['pipe', 'pipe', 'pipe'], env });
  let [rest, complaints] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-2000)));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) =>
      status === 0
        ? resolve()
        : reject(new Error(`${args.join(' ')} ended with status ${status}: ${complaints.trim()}`)),
    );
  });
}

/**
 * Puts the student versions of all notebooks into a course of nbgrader: its `source` folder, its gradebook and its
 * `release` folder.
 * A course without a configuration gets one.
 *
 * @param onLine told what is done.
 */
export async function releaseToCourse(course: string, onLine: (line: string) => void): Promise<void> {
  mkdirSync(course, { recursive: true });
  const config = path.join(course, 'nbgrader_config.py');
  if (!existsSync(config)) writeFileSync(config, CONFIG);
  for (const name of assignmentNames()) {
    const folder = path.join(course, 'source', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      path.join(folder, `${name}.ipynb`),
      `${JSON.stringify(studentNotebook(readNotebook(referenceFile(name)), assignment(name)), undefined, 1)}\n`,
    );
  }
  await python(
    [inRoot('src', 'tools', 'assignments', 'nbgrader_release.py'), ...assignmentNames()],
    course,
    '',
    (name) => onLine(`${name}: in the course's gradebook and release folder`),
  );
}

/** A result, and the notebook that it is of. */
export interface GradedNotebook {
  readonly result: Result;
  readonly read: () => Promise<Content>;
}

/**
 * Puts results into the gradebook of a course and notebooks with the tables of tests into its `autograded` folder,
 * through nbgrader's own interface.
 * nbgrader gets each notebook with the metadata that it was given out with, whatever became of that since. Answers in
 * words wait for a person, in formgrader. Where grading failed, the gradebook stays as it is.
 */
export async function toGradebook(
  course: string,
  graded: readonly GradedNotebook[],
  onLine: (line: string) => void,
): Promise<void> {
  const scores: unknown[] = [];
  for (const { result, read } of graded) {
    if (result.ungraded !== undefined) continue;
    const { student, assignment: name, problem, exercises, words = [] } = result;
    const content = await read();
    const handedIn = 'problem' in content ? content : readHandedIn(content);
    const ids = gradeIds(name);
    const cells = exercises.map((exercise) => [
      ids.get(exercise.name) ?? exercise.name,
      {
        points: exercise.points,
        html: exerciseTable(exercise),
        text: `${exercise.name}: ${exercise.points} of ${exercise.max}`,
      },
    ]);
    scores.push({
      student,
      assignment: name,
      problem: problem ?? null,
      cells: Object.fromEntries(cells) as unknown,
      notebook: 'problem' in handedIn ? null : forNbgrader(name, handedIn.cells, words),
    });
  }
  await python(
    [inRoot('src', 'tools', 'assignments', 'nbgrader_scores.py'), course],
    course,
    JSON.stringify(scores),
    onLine,
  );
}
