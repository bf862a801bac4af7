import type { Result } from '../result';
import { csv } from './csv';
import type { KnownStudent } from './students-file';
import { pointsWithWords } from './totals';

/** What the tables are made of: everybody, and all results there are. */
export interface Grades {
  readonly students: readonly KnownStudent[];
  readonly results: readonly Result[];
}

const nothing = ({ leftOut }: KnownStudent): string =>
  leftOut.every(({ why }) => why.endsWith(' is empty')) ? 'nothing handed in' : 'nothing that could be graded';

/** The assignments that have results, in order. */
const assignmentsOf = ({ results }: Grades): { readonly name: string; readonly max: number }[] => {
  const most = new Map<string, number>();
  for (const result of results)
    most.set(result.assignment, Math.max(most.get(result.assignment) ?? 0, pointsWithWords(result).max));
  return [...most].map(([name, max]) => ({ name, max })).sort((a, b) => (a.name < b.name ? -1 : 1));
};

/**
 * One line a test (without points where grading failed: that is no zero), one with the sum of the tests of each
 * submission, one for each answer in words; and a line for whoever handed in nothing.
 */
export function longTable(grades: Grades): string {
  const { students, results } = grades;
  const rows = results.flatMap(
    ({ assignment, student, exercises, points, max, trusted, problem, ungraded, words = [] }) => [
      ...exercises.flatMap(({ name, tests }) =>
        tests.map((test) => [
          assignment,
          student,
          name,
          test.name,
          test.status,
          ungraded === undefined ? test.points : '',
          test.max,
          String(trusted),
        ]),
      ),
      [
        assignment,
        student,
        '',
        'all',
        problem === undefined && ungraded === undefined ? 'graded' : 'not graded',
        ungraded === undefined ? points : '',
        max,
        String(trusted),
      ],
      ...words.map(({ question, mark, max: most, found }) => [
        assignment,
        student,
        question,
        'answer in words',
        mark ? 'marked' : found === 'blank' ? 'nothing written' : 'not marked yet',
        mark?.points ?? 0,
        most,
        String(trusted),
      ]),
    ],
  );
  const missing = students.flatMap((student) => {
    const lacking = assignmentsOf(grades).filter(
      ({ name }) => !results.some((result) => result.student === student.student && result.assignment === name),
    );
    const isAll = !results.some((result) => result.student === student.student);
    return (lacking.length === 0 && isAll ? [{ name: '', max: 0 }] : lacking).map(({ name, max }) => [
      name,
      student.student,
      '',
      'all',
      isAll ? nothing(student) : 'nothing handed in',
      0,
      max,
      '',
    ]);
  });
  return csv([
    ['assignment', 'student', 'exercise', 'test', 'status', 'points', 'max', 'trusted'],
    ...rows,
    ...missing,
  ]);
}

/**
 * One line a student, one column an assignment: points of tests and of answers in words that are marked. A field is
 * empty where nothing was handed in, or grading failed.
 */
export function summaryTable(grades: Grades): string {
  const { students, results } = grades;
  const assignments = assignmentsOf(grades);
  const rows = students.map((student) => {
    const own = results.filter((result) => result.student === student.student);
    const points = assignments.map(({ name }) => {
      const result = own.find(({ assignment }) => assignment === name);
      return result && result.ungraded === undefined ? pointsWithWords(result).points : '';
    });
    const total = own.reduce(
      (sum, result) => sum + (result.ungraded === undefined ? pointsWithWords(result).points : 0),
      0,
    );
    return [
      student.student,
      student.name ?? '',
      ...points,
      total,
      assignments.reduce((sum, { max }) => sum + max, 0),
      notes(student, own).join('; '),
    ];
  });
  return csv([
    ['student', 'name', ...assignments.map(({ name, max }) => `${name} (of ${max})`), 'total', 'of', 'notes'],
    ...rows,
  ]);
}

function notes(student: KnownStudent, own: readonly Result[]): string[] {
  const toMark = own.flatMap(({ assignment, words = [] }) =>
    words.some(({ mark, found }) => !mark && found !== 'blank') ? [assignment] : [],
  );
  return [
    ...(student.isListed ? [] : ['not on the roster']),
    ...(own.length === 0 ? [nothing(student), ...student.leftOut.map(({ file, why }) => `${file}: ${why}`)] : []),
    ...own.flatMap(({ assignment, problem }) =>
      problem === undefined ? [] : [`${assignment} not graded: ${problem}`],
    ),
    ...own.flatMap(({ assignment, ungraded }) =>
      ungraded === undefined ? [] : [`${assignment} not graded yet, because grading failed: ${ungraded}`],
    ),
    ...own.flatMap(({ assignment, handedIn }) =>
      handedIn?.copies === undefined ? [] : [`${assignment} ${handedIn.copies}`],
    ),
    ...own.flatMap(({ assignment, trusted }) => (trusted ? [] : [`${assignment} untrusted`])),
    ...(toMark.length > 0 ? [`answers in words not marked yet: ${toMark.join(', ')}`] : []),
  ];
}
