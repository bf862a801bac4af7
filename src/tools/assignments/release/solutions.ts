const SOLUTION = /^([ \t]*)\/\/ BEGIN SOLUTION[ \t]*\n[\s\S]*?^[ \t]*\/\/ END SOLUTION[ \t]*$/gm;

/** An answer in words, between its marks. */
export const WRITTEN_SOLUTION = /<!-- BEGIN SOLUTION -->([\s\S]*?)<!-- END SOLUTION -->/g;

/** A mark that must not be left in what students get. */
export const MARK = /\b(?:BEGIN|END) (?:SOLUTION|HIDDEN TESTS)\b/;

/** Whether a cell holds a reference answer. */
export const hasSolution = (source: string): boolean => source.search(SOLUTION) >= 0;

/** Puts other code in place of a cell's reference answer, with its indentation. */
export function replaceSolution(source: string, code: string): string {
  return source.replace(SOLUTION, (_, indent: string) =>
    code
      .split('\n')
      .map((line) => (line === '' ? '' : indent + line))
      .join('\n'),
  );
}

/** How a cell checks an exercise, with its name. */
export const CHECKED = /^await check\('(\w+)'\);$/m;

/** The code of the reference answer. */
export function solutionOf(source: string): string {
  return (source.match(SOLUTION) ?? []).map((text) => text.split('\n').slice(1, -1).join('\n')).join('\n');
}

/** A cell's code without the marks. */
export const withoutMarks = (source: string): string =>
  source.replace(/^[ \t]*\/\/ (?:BEGIN|END) SOLUTION[ \t]*\n/gm, '');

/** What learners find in place of the answer. It type-checks whatever the function should return. */
export const STUB = "// Your code here.\nthrow new Error('not written yet');";
