import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { formatDiagnostic, readNotebook, typeCheck, type Notebook } from '../../notebook';
import { root } from '../paths';
import { solutionOf } from './solutions';

const MARK = /\b(?:BEGIN|END) (?:SOLUTION|HIDDEN TESTS)\b/;
const SHORTEST = 10;
const TEXTS = /\.(?:ipynb|[cm]?[jt]s|json|md|py|txt|html)$/;

const packed = (text: string): string => text.replace(/\s+/g, '');

/** The answers of a notebook with references: code, and text between the marks of a written answer. Without white space, so that another indentation doesn't hide them. */
export function answersIn({ content }: Notebook): string[] {
  return content.cells.flatMap(({ source }) => [solutionOf(source), ...[...source.matchAll(/<!-- BEGIN SOLUTION -->([\s\S]*?)<!-- END SOLUTION -->/g)].map(([, text]) => text)]).map(packed).filter((text) => text.length >= SHORTEST);
}

function textOf(file: string): string {
  if (!file.endsWith('.ipynb')) return readFileSync(file, 'utf8');
  const cells: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const strings: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') strings.push(value);
    else if (Array.isArray(value) && value.every((item) => typeof item === 'string')) strings.push(value.join(''));
    else if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(cells);
  return strings.join('\n');
}

/**
 * What students must not get but would: answers, marks of answers, hidden tests. Looks at every text file of the folder.
 *
 * @param answers from {@link answersIn}.
 */
export function findLeaks(folder: string, answers: readonly string[]): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const inGrading = (file: string): boolean => file.startsWith(path.join('notebooks', 'exercises')) || file.startsWith(path.join('src', 'grading'));
  return files.flatMap((file) => {
    if (file.includes(path.join('grading', 'hidden') + path.sep)) return [`${file}: is a file with hidden tests`];
    if (!TEXTS.test(file)) return [];
    const text = textOf(path.join(folder, file));
    const leaks: string[] = [];
    if (inGrading(file) && MARK.test(text)) leaks.push(`${file}: still has the mark "${MARK.exec(text)?.[0]}": is its partner missing or misspelled?`);
    if (inGrading(file)) for (const answer of answers) if (packed(text).includes(answer)) leaks.push(`${file}: holds an answer: ${answer.slice(0, 40)}…`);
    return leaks;
  });
}

/** What the compiler says of a student notebook: a stub must not be the first error that a learner meets. */
export const typeProblems = (file: string): string[] => typeCheck(readNotebook(file), root).map(formatDiagnostic);
