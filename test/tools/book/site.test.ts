// Pages that must not be published, and outputs that must not act. Real nbconvert, real Chromium.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite, type SiteResult } from '../../../src/tools/book/site/build';
import { sanitizeOutput } from '../../../src/tools/book/site/outputs';
import { KERNELSPEC, LANGUAGE_INFO } from '../../../src/tools/notebook';
import { root } from '../../support/root';

const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-site-'));
const names = ['90-good', '90-exercises', '91-bad', '92-other'];
afterAll(() => {
  rmSync(folder, { recursive: true });
  for (const name of names)
    for (const ending of ['.html', '.html.made-from'])
      rmSync(path.join(root, 'build', 'fragments', name + ending), { force: true });
});

type Output = Record<string, unknown>;
const text = (id: string, ...source: string[]): Output => ({ cell_type: 'markdown', id, metadata: {}, source });
const code = (id: string, outputs: Output[], tags: string[] = []): Output => ({
  cell_type: 'code',
  id,
  metadata: { tags },
  execution_count: 1,
  source: ['const a = 1;'],
  outputs,
});
const shown = (data: Output): Output => ({ output_type: 'display_data', metadata: {}, data });
const figure = (layout: Output): Output =>
  shown({
    'application/vnd.plotly.v1+json': {
      data: [{ type: 'scatter', x: [1, 2], y: [1, 2] }],
      layout: { height: 300, ...layout },
    },
  });
const error: Output = {
  output_type: 'error',
  ename: 'Error',
  evalue: 'out of ideas',
  traceback: ['Error: out of ideas'],
};

function write(name: string, cells: Output[], head: Output = {}): string {
  const file = path.join(folder, 'executed', `${name}.ipynb`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(
    file,
    JSON.stringify({
      cells,
      metadata: { language_info: { name: 'typescript' }, ...head },
      nbformat: 4,
      nbformat_minor: 5,
    }),
  );
  return file;
}

function exercises(name: string, source: string): void {
  mkdirSync(path.join(folder, 'exercises'), { recursive: true });
  const title = `# ${name === '90-good' ? '90 A good page' : name}: exercises`;
  const cells = [
    text('title', title),
    text('task', '## Task 1'),
    { cell_type: 'code', id: 'answer', metadata: {}, execution_count: null, source, outputs: [] },
    { ...text('words', '*Your answer here.*'), metadata: { tags: ['written'] } },
  ];
  writeFileSync(
    path.join(folder, 'exercises', `${name}.ipynb`),
    JSON.stringify({
      cells,
      metadata: { kernelspec: KERNELSPEC, language_info: LANGUAGE_INFO },
      nbformat: 4,
      nbformat_minor: 5,
    }),
  );
}

const good = [
  text(
    'title',
    '# 90 A good page with `</script>` and $x < y$\n',
    '\n',
    'What it is about, as in chapter 92.\n',
    '\n',
    '**Know before:** nothing. **Time:** a minute.',
  ),
  text(
    'formula',
    'A **gadget** is a thing. We write\n',
    '\n',
    '$$a = \\frac{b}{c} < 1$$\n',
    '\n',
    'See [figure](#drawn), [figure](92-other.ipynb#elsewhere), [equation](#formula) and [the other page](92-other.ipynb).',
  ),
  text('to-exercises', 'Now do `exercises/90-good.ipynb`.'),
  code('drawn', [figure({ title: { text: 'A line' }, meta: { alt: 'A line that rises.' } })], ['figure']),
  code('table', [
    shown({ 'text/html': '<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>' }),
  ]),
  code('progress', [{ output_type: 'stream', name: 'stdout', text: ['10 %\r50 %\r100 %\ndone\n'] }]),
  code('lesson', [error], ['raises-exception']),
  code('hostile', [
    shown({
      'text/html':
        '<p onclick="alert(1)">kept</p><script>alert(2)</script><iframe src="https://example.org"></iframe><a href="javascript:alert(3)">x</a><img src="https://example.org/a.png" alt="spy"><form action="/"><input></form>',
    }),
  ]),
  text('note', '> **Erratum.** Source A says 1. It is 2.'),
];

let result: SiteResult;
const page = (name: string): string => readFileSync(path.join(folder, 'site', `${name}.html`), 'utf8');
beforeAll(async () => {
  const executed = [
    write('90-good', good, { layerwise: { picture: 'drawn', aim: 'I want <gadgets>' } }),
    write(
      '91-bad',
      [
        text('title', '# 91 A bad page'),
        code('fails', [error]),
        code('no-figure', [shown({ 'application/vnd.plotly.v1+json': { nothing: true } })]),
        code('no-words', [figure({ title: 'Silent' })]),
        text('no-alt', '![](data:image/png;base64,iVBORw0KGgo=)'),
        text('links', '[gone](93-gone.ipynb), [nowhere](#nowhere), [figure](90-good.ipynb#table), [odd](odd.txt)'),
        text('wrong-formula', 'So $\\nosuchcommand{x}$ it is.'),
      ],
      { layerwise: { picture: 'wrong-formula' } },
    ),
    write(
      '92-other',
      [
        text('title', '# 92 Another page'),
        code('elsewhere', [figure({ title: 'Elsewhere', meta: { alt: 'Two points.' } })]),
      ],
      { layerwise: { 'node-only': 'it needs <more>' } },
    ),
  ];
  exercises('90-good', '// Your code here.');
  exercises('91-bad', '// BEGIN SOLUTION\nreturn 42;\n// END SOLUTION');
  result = await buildSite(executed, { folder: path.join(folder, 'site'), notebooks: folder, pdf: false });
}, 120_000);

describe('what is wrong with a page is told with its cell', () => {
  it.each([
    ['fails', /^ends with an error \(Error: out of ideas\)/],
    ['no-figure', /^a figure is missing/],
    ['no-words', /^a figure has no alternative text/],
    ['no-alt', /^a picture has no alternative text/],
    ['links', /^the link 93-gone\.ipynb leads nowhere: there is no chapter 93-gone/],
    ['links', /^the link #nowhere leads nowhere: there is nothing called nowhere in 91-bad/],
    ['links', /^the link 90-good\.ipynb#table leads nowhere: table holds no figure/],
    ['links', /^the link odd\.txt leads nowhere: it names no notebook of the course/],
    ['exercises', /^the exercises are not given, because their answers can't be cut: there is no assignment "91-bad"/],
    ['wrong-formula', /^the head names this cell as its picture, and it has no figure/],
    ['wrong-formula', /^the formula \$\\nosuchcommand\{x\}\$ can't be set: /],
  ])('%s: %s', (cell, message) => {
    expect(
      result.problems.filter(
        (problem) => problem.notebook === '91-bad' && problem.cell === cell && message.test(problem.message),
      ),
    ).toHaveLength(1);
  });

  it('and nothing is said of pages that are fine', () => {
    expect(result.problems.filter(({ notebook }) => notebook !== '91-bad')).toEqual([]);
  });
});

describe('a good page', () => {
  it('offers its exercises, and none whose answers can’t be cut', () => {
    expect(
      load(page('90-good'))('.downloads a')
        .toArray()
        .map((link) => load(link).text()),
    ).toContain('exercises');
    expect(load(page('90-good'))('.downloads a').first().attr('href')).toBe('90-exercises.html');
    const link = load(page('90-good'))('#to-exercises a');
    expect([link.html(), link.attr('href')]).toEqual(['<code>exercises/90-good.ipynb</code>', '90-exercises.html']);
    expect(load(page('91-bad'))('.downloads').text()).not.toMatch(/exercises/i);
    expect(existsSync(path.join(folder, 'site', '91-exercises.html'))).toBe(false);
    expect(readdirSync(path.join(folder, 'site', 'downloads', 'exercises'))).toEqual(['90-good.ipynb']);
  });

  it('has a page of its exercises, in the list of contents below it, which leads back', () => {
    const $ = load(page('90-exercises'));
    expect($('article').attr('data-exercises')).toBe('');
    expect($('h1').text()).toBe('90 A good page: exercises');
    expect($('h1 + p a').attr('href')).toBe('90-good.html');
    expect($('nav.contents [aria-current]').text()).toBe('Exercises');
    expect($('nav.contents li li li a').attr('href')).toBe('#s-task-1');
    expect($('.downloads a').attr('href')).toBe('downloads/exercises/90-good.ipynb');
    expect([...$('.pager a')].map((link) => $(link).attr('href'))).toEqual(['90-good.html', '91-bad.html']);
    expect($('[data-written]').attr('id')).toBe('words');
    expect($('script[src]').last().attr('src')).toBe('assets/live/live.js');
    expect(page('90-good')).not.toContain('exercise-page.js');
    expect($('#answer .source').text()).toContain('// Your code here.');
    expect($('.output, .live-bar')).toHaveLength(0);
  });

  it('numbers figures, tables and equations, and refers to them across pages', () => {
    const $ = load(page('90-good'));
    expect($('figcaption').text()).toMatch(/^Figure 90\.1 A line/);
    expect($('caption').text()).toBe('Table 90.1');
    expect($('.equation-number').text()).toBe('(90.1)');
    const links = $('#formula a[href]:not(.equation-number)')
      .toArray()
      .map((link) => [$(link).text(), $(link).attr('href')]);
    expect(links).toEqual([
      ['Figure 90.1', '#figure-90-1'],
      ['Figure 92.1', '92-other.html#figure-92-1'],
      ['Equation 90.1', '#equation-90-1'],
      ['the other page', '92-other.html'],
    ]);
    expect($('a.mention').attr('href')).toBe('92-other.html');
  });

  it('keeps a title that looks like markup, folds, and shows the last state of a progress line', () => {
    const $ = load(page('90-good'));
    expect($('h1 code').text()).toBe('</script>');
    expect($('title').text()).toContain('90 A good page with </script>');
    expect($('details.folded .source')).toHaveLength(1);
    expect($('#progress pre.stdout').text()).toBe('100 %\ndone\n');
    expect($('#lesson pre.error').text()).toContain('out of ideas');
  });

  it('has nothing in its outputs that acts or asks', () => {
    const $ = load(page('90-good'));
    expect($('#hostile .output').html()?.trim()).toBe('<p>kept</p><a>x</a><img alt="spy">');
  });

  it('feeds the front page, the glossary, the errata and the search', () => {
    expect(load(page('glossary'))('dt').text()).toBe('gadget');
    expect(load(page('glossary'))('dd').text()).toContain('A gadget is a thing.');
    expect(load(page('errata'))('li').last().text()).toContain('Source A says 1. It is 2.');
    expect(readFileSync(path.join(folder, 'site', 'assets', 'search-index.js'), 'utf8')).toContain('gadget');
  });

  it('says of a chapter whose code runs in the notebook alone why, and brings no scripts for it', () => {
    const files = path.join(folder, 'site', 'assets', 'live', 'cells');
    const $ = load(page('92-other'));
    expect($('h1 + p').text()).toBe('The code of this chapter runs in the notebook alone: it needs <more>.');
    expect($('script[src*="live"], [data-not-live]')).toHaveLength(0);
    expect(existsSync(path.join(files, '92-other.js'))).toBe(false);
  });

  it('stands on the front page with its picture, by what a reader wants', () => {
    const $ = load(page('index'));
    expect($('.paths li').text()).toBe('I want <gadgets>: 90');
    expect($('.paths a').attr('href')).toBe('90-good.html');
    const picture = $('.chapters li:has(a[href="90-good.html"]) img');
    expect(picture.attr('height')).toBe('300');
    expect(readFileSync(path.join(folder, 'site', picture.attr('src') ?? ''), 'utf8')).toContain('<svg');
    expect($('.chapters img')).toHaveLength(1);
  });

  it('is not written again when nothing changed, and leaves the site when it is gone', async () => {
    const executed = ['90-good', '92-other'].map((name) => path.join(folder, 'executed', `${name}.ipynb`));
    const build = (): Promise<SiteResult> =>
      buildSite(executed, { folder: path.join(folder, 'site'), notebooks: folder, pdf: false });
    expect((await build()).problems).toEqual([]);
    expect(existsSync(path.join(folder, 'site', '91-bad.html'))).toBe(false);
    const written = (): number[] =>
      ['90-good.html', 'index.html', 'assets/search-index.js'].map(
        (name) => statSync(path.join(folder, 'site', name)).mtimeMs,
      );
    const before = written();
    await build();
    expect(written()).toEqual(before);
  });
});

describe('nbconvert alone, as in a learner’s JupyterLab', () => {
  it('makes a page that holds all it needs', () => {
    const bin = path.join(root, '.venv', 'bin');
    execFileSync(
      path.join(bin, 'jupyter'),
      [
        'nbconvert',
        '--to',
        'html',
        '--template',
        'layerwise',
        path.join(folder, 'executed', '90-good.ipynb'),
        '--output-dir',
        folder,
        '--log-level',
        'ERROR',
      ],
      { stdio: 'ignore' },
    );
    const html = readFileSync(path.join(folder, '90-good.html'), 'utf8');
    const $ = load(html);
    expect(
      $('[src], link[href]')
        .toArray()
        .map((element) => $(element).attr('src') ?? $(element).attr('href') ?? '')
        .filter(
          (address) =>
            !address.startsWith('data:') &&
            address !== 'https://example.org/a.png' &&
            address !== 'https://example.org',
        ),
    ).toEqual([]);
    expect($('.layerwise-figure').attr('aria-label')).toBe('A line that rises.');
    expect(html).toContain('renderMathInElement');
    expect(html.length).toBeGreaterThan(5_000_000);
  });
});

describe('sanitizeOutput', () => {
  it.each([
    ['<b style="color: red; background: url(https://example.org)">a</b>', '<b style="color:red">a</b>'],
    [
      '<svg viewBox="0 0 1 1"><script>alert(1)</script><path d="M0 0"></path></svg>',
      '<svg viewBox="0 0 1 1"><path d="M0 0"></path></svg>',
    ],
    [
      '<img src="data:image/png;base64,AA" alt="a" onerror="alert(1)">',
      '<img src="data:image/png;base64,AA" alt="a" />',
    ],
    ['<a href="//example.org">x</a><a href="https://example.org">y</a>', '<a>x</a><a href="https://example.org">y</a>'],
    ['<math><mtext></mtext></math><style>@import "x"</style>', ''],
  ])('%s', (given, expected) => expect(sanitizeOutput(given)).toBe(expected));
});
