import type { Diagnosis } from './diagnosis';
import { excerpt } from './excerpt';

/** What Jupyter shows of an error. */
export interface ShownError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

const RED = '\u001b[31m';
const RESET = '\u001b[0m';

/** A cell that the compiler refused. */
export function showDiagnoses(code: string, diagnoses: readonly Diagnosis[]): ShownError {
  const [first] = diagnoses;
  const ename = first.code < 2000 ? 'SyntaxError' : 'TypeError';
  const place = ({ file, line, column }: Diagnosis): string =>
    file === undefined ? `line ${line}:${column}` : `${file}:${line}:${column}`;
  const traceback = diagnoses.flatMap((diagnosis) => [
    `${RED}${place(diagnosis)} TS${diagnosis.code}${RESET} ${diagnosis.message}`,
    ...excerpt(diagnosis.source ?? code, diagnosis.line, diagnosis.column, diagnosis.length),
  ]);
  return { ename, evalue: `${place(first)} TS${first.code} ${first.message.split('\n')[0]}`, traceback };
}
