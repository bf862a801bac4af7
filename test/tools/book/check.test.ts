import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkNotebooks, lintNotebook, missingWorkedNumbers, styleFigures } from '../../../src/tools/book';
import { readNotebook } from '../../../src/tools/notebook';
import { makeNotebook, notebookFolder, type MadeCell } from '../../support/make-notebook';
import { root } from '../../support/root';

const folder = notebookFolder();
const prose = (sections = ['Pitfalls', 'Summary', 'Self-check', 'Further reading']): MadeCell[] => [
  { id: 'title', markdown: `# A chapter\n\n${'word '.repeat(400)}` },
  ...sections.map((section, i): MadeCell => ({ id: `section-${i}`, markdown: `## ${i + 1} ${section}` })),
];
const lint = (cells: readonly MadeCell[], change?: (notebook: Record<string, unknown>) => void): string[] =>
  lintNotebook(readNotebook(makeNotebook(folder, 'x', cells, change)), 'chapter', root);

describe('lintNotebook', () => {
  it('finds nothing wrong with a good chapter', () => {
    expect(lint([...prose(), { id: 'sum', code: 'console.log(1 + 1);' }])).toEqual([]);
  });

  it.each<[string, readonly MadeCell[], string]>([
    ['a duplicate id', [...prose(), { id: 'title', markdown: 'again' }], 'x.ipynb:title: the cell id occurs twice'],
    ['a random id', [...prose(), { id: 'A1_b', code: '1;' }], 'x.ipynb:A1_b: a cell id should be words in kebab-case'],
    [
      'an unknown tag',
      [...prose(), { id: 'tagged', code: '1;', tags: ['figur'] }],
      'x.ipynb:tagged: unknown tag "figur"; known: figure, own-times, type-error, raises-exception',
    ],
    [
      'a path of one machine',
      [...prose(), { id: 'path', code: "const p = '/home/me/data.csv';" }],
      'x.ipynb:path: names a path that only one machine has: /home/me/data.csv',
    ],
    ['an escaped dollar', [...prose(), { id: 'price', markdown: 'costs \\$5' }], 'x.ipynb:price: has \\$, which turns'],
    [
      'an image without text',
      [...prose(), { id: 'image', markdown: '![](x.png)' }],
      'x.ipynb:image: has an image without alternative text',
    ],
    [
      'an <img> without alt',
      [...prose(), { id: 'image', markdown: '<img src="x.png">' }],
      'x.ipynb:image: has an <img> without alt',
    ],
    [
      'a type error',
      [...prose(), { id: 'wrong', code: "const n: number = 'a';" }],
      "x.ipynb:cell 1 (wrong):1:7 TS2322 Type 'string' is not assignable to type 'number'.",
    ],
    [
      'a lesson without its number',
      [...prose(), { id: 'lesson', code: "const n: number = 'a';", tags: ['type-error', 'raises-exception'] }],
      'x.ipynb:lesson: is tagged type-error: say which error',
    ],
    [
      'a lesson that stops JupyterLab',
      [...prose(), { id: 'lesson', code: "const n: number = 'a';", tags: ['type-error', 'TS2322'] }],
      'x.ipynb:lesson: is tagged type-error: tag it raises-exception too',
    ],
    [
      'a lesson that is none',
      [...prose(), { id: 'lesson', code: 'const n = 1;', tags: ['type-error', 'TS2322', 'raises-exception'] }],
      'x.ipynb:lesson: is tagged TS2322, but the compiler says nothing',
    ],
    [
      'too little prose',
      [
        ...prose().map((cell) => ({ ...cell, markdown: cell.markdown?.replace(/word /g, '') })),
        { id: 'code', code: 'const a = 1;\nconst b = 2;' },
      ],
      'x.ipynb: expected at least 7 words of prose a line of code, got',
    ],
    [
      'long cells',
      [...prose(), { id: 'long', code: Array.from({ length: 31 }, (_, i) => `const v${i} = ${i};`).join('\n') }],
      'x.ipynb:long: expected at most 30 lines of code, got 31',
    ],
    [
      'a high median',
      [...prose(), { id: 'nine', code: Array.from({ length: 9 }, (_, i) => `const v${i} = ${i};`).join('\n') }],
      'x.ipynb: expected a median of at most 8 lines a code cell, got 9',
    ],
    [
      'a missing section',
      prose(['Pitfalls', 'Summary', 'Self-check']),
      'x.ipynb: the section "Further reading" is missing',
    ],
  ])('finds %s', (_, cells, message) => expect(lint(cells).join('\n')).toContain(message));

  it('finds outputs, another kernel and another language', () => {
    const outputs = lint([...prose(), { id: 'code', code: '1;' }], (notebook) => {
      Object.assign((notebook.cells as Record<string, unknown>[])[5], { execution_count: 3 });
    });
    expect(outputs.join()).toContain('x.ipynb:code: holds outputs');
    const widgets = lint(prose(), (notebook) => Object.assign(Object(notebook.metadata), { widgets: {} }));
    expect(widgets.join()).toContain('x.ipynb: holds the state of widgets');
    const other = lint(prose(), (notebook) => {
      notebook.metadata = {
        kernelspec: { name: 'python3', display_name: 'Python' },
        language_info: { name: 'python', file_extension: '.py', mimetype: 'text/x-python' },
      };
    });
    expect(other.join()).toMatch(
      /expected the kernelspec .*"name":"tslab".*, got .*"python3".*expected language_info as the kernel gives it.*"typescript".*, got .*"python"/,
    );
  });

  it('accepts a lesson that the compiler teaches as tagged', () => {
    expect(
      lint([
        ...prose(),
        { id: 'lesson', code: "const n: number = 'a';", tags: ['type-error', 'TS2322', 'raises-exception'] },
      ]),
    ).toEqual([]);
  });
});

describe('styleFigures', () => {
  it('counts words of prose, not code, formulas or links, and lines that hold code', () => {
    const file = makeNotebook(folder, 'figures', [
      {
        id: 'text',
        markdown: 'Four words of prose\n```ts\nnot these three words\n```\n$$a = b$$ [link text](http://not.this)',
      },
      { id: 'code', code: '// comment\n\nconst a = 1;\nconst b = 2;' },
      { id: 'drawn', code: 'const c = 3;', tags: ['figure'] },
    ]);
    expect(styleFigures(readNotebook(file))).toEqual({
      words: 6,
      codeLines: 2,
      wordsPerCodeLine: 3,
      medianCellLines: 2,
    });
  });
});

describe('checkNotebooks', () => {
  it('checks chapters with their coverage and exercises, and goes on after a broken file', async () => {
    const place = notebookFolder();
    const content = path.join(place, 'content');
    mkdirSync(path.join(place, 'exercises'));
    mkdirSync(path.join(content, '01-a'), { recursive: true });
    makeNotebook(place, '01-a', [...prose(), { id: 'code', code: 'console.log(1);' }]);
    makeNotebook(path.join(place, 'exercises'), '01-a', [{ id: 'task', code: 'const done: boolean = 1;' }]);
    writeFileSync(path.join(place, '02-b.ipynb'), 'not json');
    const entry = {
      covers: [
        { item: 'one', cells: ['title', 'nothing'] },
        { item: 'two', cells: ['code'] },
      ],
      worked: [{ item: '2', cell: 'title', shows: ['2'] }],
    };
    writeFileSync(path.join(content, '01-a', 'coverage.json'), JSON.stringify(entry));
    const results = await checkNotebooks(() => undefined, { folder: place, content });
    expect(results.map(({ name, problems }) => [name, problems.length])).toEqual([
      ['01-a.ipynb', 4],
      ['02-b.ipynb', 1],
      [path.join('exercises', '01-a.ipynb'), 1],
    ]);
    expect(results[0].problems).toEqual([
      'coverage.json, "one": there is no cell "nothing"',
      'coverage.json, "one": no cell with code, a figure or a table',
      'coverage.json, "two": no cell with prose',
      'coverage.json, worked "2": there is no code cell "title"',
    ]);
  });

  it('refuses coverage with a wrong field, and wants some', async () => {
    const place = notebookFolder();
    const content = path.join(place, 'content');
    copyFileSync(makeNotebook(place, '01-a', prose()), path.join(place, '01-b.ipynb'));
    mkdirSync(path.join(content, '01-a'), { recursive: true });
    writeFileSync(path.join(content, '01-a', 'coverage.json'), '{"cover":[]}');
    const [first, second] = (await checkNotebooks(() => undefined, { folder: place, content })).map(({ problems }) =>
      problems.join(),
    );
    expect(first).toMatch(/coverage\.json: .*covers/s);
    expect(second).toMatch(/01-b.coverage\.json is missing/);
  });
});

describe('the format of cells', () => {
  const long = `const numbers = [${Array.from({ length: 30 }, (_, i) => i + 100).join(', ')}];`;
  const checked = async (fix: boolean): Promise<string[]> =>
    (await checkNotebooks(() => undefined, { folder: place, fix })).flatMap(({ problems }) =>
      problems.filter((problem) => problem.includes('not formatted')),
    );
  let place = '';

  it('is told, and mended where asked: code alone changes, and what can not be parsed stays', async () => {
    place = notebookFolder();
    const cells = [
      ...prose(),
      { id: 'long', code: long },
      { id: 'dense', code: "if(1<2){console.log( 'yes' )}" },
      { id: 'broken', code: 'const = ;' },
      { id: 'fine', code: 'console.log(1);' },
    ];
    const file = makeNotebook(place, '01-a', cells);
    const before = readNotebook(file);
    expect(await checked(false)).toEqual(
      ['long', 'dense'].map((id) => `01-a.ipynb:${id}: not formatted at 100 columns: npm run check -- --fix`),
    );
    expect(await checked(true)).toEqual([]);
    expect(await checked(false)).toEqual([]);
    const after = readNotebook(file);
    expect(after.content.metadata).toEqual(before.content.metadata);
    const source = (id: string): string | undefined => after.content.cells.find((cell) => cell.id === id)?.source;
    expect(source('dense')).toBe("if (1 < 2) {\n  console.log('yes');\n}");
    expect(source('broken')).toBe('const = ;');
    expect(
      source('long')
        ?.split('\n')
        .every((line) => line.length <= 100),
    ).toBe(true);
    expect(source('title')).toBe(before.content.cells.find((cell) => cell.id === 'title')?.source);
  });
});

describe('missingWorkedNumbers', () => {
  it('finds numbers however they are laid out, and names those that are not shown', () => {
    const file = makeNotebook(folder, 'worked', [{ id: 'cell', code: '1;' }], (notebook) => {
      Object.assign((notebook.cells as Record<string, unknown>[])[0], {
        outputs: [{ output_type: 'stream', name: 'stdout', text: ['[20, 14,\n', ' 22]\n'] }],
      });
    });
    const coverage = (shows: string[]): Parameters<typeof missingWorkedNumbers>[0] => ({
      covers: [],
      worked: [{ item: 'sum', cell: 'cell', shows }],
    });
    expect(missingWorkedNumbers(coverage(['20 14 22']), readNotebook(file))).toEqual([]);
    expect(missingWorkedNumbers(coverage(['20 15']), readNotebook(file))).toEqual([
      'worked, "sum": the output of cell "cell" doesn\'t show 20 15',
    ]);
  });
});
