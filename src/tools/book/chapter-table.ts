import type { Notebook } from '../notebook';

const BEGIN = '<!-- chapters: `npm run check -- --fix` makes this table from the heads of the notebooks -->';
const END = '<!-- end of chapters -->';

/** What a chapter's first cell says: its title, the first thing that one can do after it, and how long it takes. */
interface Head {
  readonly title: string;
  readonly first: string;
  readonly time: string;
}

function headOf({ content, name }: Notebook): Head {
  const source = content.cells[0]?.source ?? '';
  const part = (pattern: RegExp, what: string): string => {
    const found = pattern.exec(source)?.[1];
    if (found === undefined) throw new Error(`${name}.ipynb: its first cell must hold ${what}`);
    return found;
  };
  return {
    title: part(/^# (.+)$/m, 'the title, "# NN Name"'),
    first: part(/^- (.+?)[;.]$/m, 'a list of what one can do after it, each line with ; or . at its end').replaceAll(
      '|',
      '\\|',
    ),
    time: part(/\*\*Time:\*\* (.+?)\.?$/m, 'how long it takes, "**Time:** about two hours"')
      .replace(/^about /, '')
      .replace(/ with the exercises$/, ''),
  };
}

const row = ({ title, first, time }: Head, name: string): string =>
  `| [${title}](notebooks/${name}.ipynb) | ${first} | ${time} |`;

/**
 * The README with its table of chapters as the notebooks' heads now are.
 *
 * @throws Error where the README has no place for the table, or a notebook no head.
 */
export function withChapterTable(readme: string, chapters: readonly Notebook[]): string {
  const [start, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (start < 0 || end < start)
    throw new Error(`README.md: expected a table of chapters between "${BEGIN}" and "${END}"`);
  const table = [
    '| chapter | after it you can, among other things | time |',
    '|---|---|---|',
    ...chapters.map((chapter) => row(headOf(chapter), chapter.name)),
  ].join('\n');
  return `${readme.slice(0, start + BEGIN.length)}\n${table}\n${readme.slice(end)}`;
}
