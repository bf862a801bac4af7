// The exercises of the real chapters in their pages: in the system's Chromium, from files, without a network.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assignmentNames, referenceFile } from '../../src/tools/assignments/assignment';
import { hasSolution, withoutMarks } from '../../src/tools/assignments/release/solutions';
import { findSubmissions } from '../../src/tools/assignments/submissions/find';
import { readHandedIn } from '../../src/tools/assignments/submissions/read-notebook';
import { answersInWords } from '../../src/tools/assignments/words/answers';
import { codeCells, readNotebook } from '../../src/tools/notebook';
import { seriousOn } from '../support/axe';
import { chosen } from '../support/chapters.mjs';
import { chromiumPath, launchChromium } from '../support/chromium';
import { statusWhenEnded } from '../support/live-page';
import { offlinePage, type OfflinePage } from '../support/offline-page';
import { inRoot } from '../support/root';

const site = inRoot('build', 'handouts');
const CHAPTER = '03-gradient-descent';
const pageOf = (chapter: string): string => `${/^[A-Z]?\d+/.exec(chapter)?.[0] ?? ''}-exercises`;
const keyOf = (chapter: string): string => `layerwise/${pageOf(chapter)}`;
/** The reference answers, as a reader would have written them. */
const answersOf = (chapter: string): Record<string, string> =>
  Object.fromEntries(
    codeCells(readNotebook(referenceFile(chapter)))
      .filter(({ source }) => hasSolution(source))
      .map(({ id, source }) => [id, withoutMarks(source)]),
  );

const HEAD = "function fate(bend: number, lr: number): 'converges' | 'oscillates' | 'diverges' {\n";
const STUB = `${HEAD}  // Your code here.\n  throw new Error('not written yet');\n}`;
const WRONG = `${HEAD}  return 'converges';\n}`;
const MISTYPED = `${HEAD}  return 7;\n}`;

describe.skipIf(!chromiumPath)('exercises in the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
  });

  const addressOf = (name: string): string => pathToFileURL(path.join(site, `${name}.html`)).href;
  /**
   * The exercises of a chapter.
   *
   * @param kept what the browser keeps of an earlier visit.
   * @param before runs before the page's own scripts.
   */
  async function open(chapter: string, kept?: string, before = ''): Promise<OfflinePage> {
    const opened = await offlinePage(browser, { acceptDownloads: true });
    const { page } = opened;
    page.on('dialog', (dialog) => void dialog.accept());
    if (kept !== undefined) {
      await page.goto(addressOf('glossary'));
      await page.evaluate(([key, text]) => localStorage.setItem(key, text), [keyOf(chapter), kept]);
    }
    await page.addInitScript(before);
    await page.goto(addressOf(pageOf(chapter)));
    return opened;
  }

  const press = (page: Page, cell: string, name: 'Run' | 'Edit' | 'Hint' | 'Reset'): Promise<void> =>
    page.locator(`#${cell} .live-bar button`, { hasText: name }).click();
  async function run(page: Page, cell: string, name: 'Run' | 'Hint' = 'Run'): Promise<string> {
    await press(page, cell, name);
    await statusWhenEnded(page, cell);
    return (await page.locator(`#${cell} .output`).allInnerTexts()).join('\n');
  }
  const statusOf = (page: Page, cell: string): Promise<string> => page.locator(`#${cell} .live-status`).innerText();
  const codeOf = async (page: Page, cell: string): Promise<string> =>
    (
      await page.locator(`#${cell} :is(.live-editor, .source:not([hidden])) :is(.cm-content, pre)`).innerText()
    ).trimEnd();
  async function write(page: Page, cell: string, text: string): Promise<void> {
    const editor = page.locator(`#${cell} .cm-content`);
    if ((await editor.count()) === 0) await press(page, cell, 'Edit');
    await editor.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(text);
  }
  const keptIn = (page: Page): Promise<string | null> =>
    page.evaluate((key) => localStorage.getItem(key), keyOf(CHAPTER));
  /** The editor tells of what is typed a moment later. */
  const whenKept = async (page: Page): Promise<void> =>
    void (await page.waitForFunction(
      (key) => localStorage.getItem(key)?.includes("return 'converges'"),
      keyOf(CHAPTER),
    ));
  async function checkAll(page: Page): Promise<string> {
    await page.getByRole('button', { name: 'Check all exercises' }).click();
    const progress = page.locator('.live-page-bar .live-status');
    await progress.filter({ hasText: /passed$/ }).waitFor({ timeout: 110_000 });
    return progress.innerText();
  }

  it('a stub is not right, a wrong answer is told what came back, a hint is shown, the right one passes', async () => {
    const { page, problems, close } = await open(CHAPTER);
    expect(await run(page, 'fate-check')).toMatch(
      /0 of 1 tests passed[^]*✗[^]*Error: not written yet[^]*NotYet: fate: 1 of 1 tests did not pass/,
    );
    await write(page, 'fate', WRONG);
    const wrong = await run(page, 'fate-check');
    expect(wrong).toMatch(/✗[^]*fate\(2, 1\) returned "converges"; expected "oscillates"/);
    expect(wrong).not.toContain('What happens when that factor');
    expect(await run(page, 'fate-check', 'Hint')).toContain('What happens when that factor is −1? And below?');
    expect(await statusOf(page, 'fate-check')).toMatch(/^not yet right/);
    await write(page, 'fate', answersOf(CHAPTER).fate);
    expect(await run(page, 'fate-check')).toMatch(/1 of 1 tests passed[^]*✓/);
    expect({ status: await statusOf(page, 'fate-check'), problems }).toEqual({
      status: expect.stringMatching(/^done/),
      problems: [],
    });
    await close();
  });

  it('an answer of a wrong type is refused in its place, also when its check is run', async () => {
    const { page, problems, close } = await open(CHAPTER);
    await write(page, 'fate', MISTYPED);
    await run(page, 'fate-check');
    expect(await statusOf(page, 'fate-check')).toBe('the earlier cell fate is refused by the compiler');
    expect(await statusOf(page, 'fate')).toBe('refused by the compiler');
    expect(await page.locator('#fate .output').innerText()).toMatch(/^line 2:3 TS2322 Type '7' is not assignable/);
    expect({ axe: await seriousOn(page), problems }).toEqual({ axe: [], problems: [] });
    await close();
  });

  it('what was written is there after a reload, and runs when it is asked to; Reset forgets it', async () => {
    const { page, problems, close } = await open(CHAPTER);
    await write(page, 'fate', WRONG);
    await page.getByRole('textbox', { name: 'Your answer 1 in words' }).fill('Because it is steep.');
    await whenKept(page);
    await page.reload();
    expect(await codeOf(page, 'fate')).toBe(WRONG);
    expect(await statusOf(page, 'fate')).toBe('your code, as you left it');
    expect(await page.getByRole('textbox', { name: 'Your answer' }).inputValue()).toBe('Because it is steep.');
    expect(await page.locator('script[src*="editor"], script[src*="runtime"]').count()).toBe(0);
    expect(await run(page, 'fate-check')).toContain('fate(2, 1) returned "converges"');
    await press(page, 'fate', 'Edit');
    await page.locator('#fate .cm-content').waitFor();
    expect(await codeOf(page, 'fate')).toBe(WRONG);
    await press(page, 'fate', 'Reset');
    expect(await codeOf(page, 'fate')).toBe(STUB);
    expect(await keptIn(page)).toBe('{"written":"Because it is steep."}');
    await page.getByRole('textbox', { name: 'Your answer' }).fill('');
    expect(await keptIn(page)).toBeNull();
    expect(problems).toEqual([]);
    await close();
  });

  it.each(['{', '[1]', '"text"', 'null', '{"fate":1,"gone":"x","__proto__":"x","fate-check":"x"}'])(
    'damaged %s is ignored, and written over',
    async (kept) => {
      const { page, problems, close } = await open(CHAPTER, kept);
      expect(await codeOf(page, 'fate')).toBe(STUB);
      await write(page, 'fate', WRONG);
      await whenKept(page);
      await page.reload();
      expect({ code: await codeOf(page, 'fate'), problems }).toEqual({ code: WRONG, problems: [] });
      await close();
    },
  );

  it.each([
    ['full', "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"],
    [
      'forbidden',
      "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });",
    ],
  ])('where what the browser keeps is %s, the page says so, and runs', async (_, before) => {
    const { page, problems, close } = await open(CHAPTER, undefined, before);
    await write(page, 'fate', answersOf(CHAPTER).fate);
    expect(await statusOf(page, 'fate')).toBe('this browser does not keep what you write: export it before you leave');
    expect(await run(page, 'fate-check')).toContain('1 of 1 tests passed');
    expect(problems).toEqual([]);
    await close();
  });

  it('is exported as the notebook to hand in, which the grader reads', async () => {
    const { page, problems, close } = await open(CHAPTER);
    await write(page, 'fate', WRONG);
    await page.getByRole('textbox', { name: 'Your answer' }).fill('Steep: $1 & $&.');
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export as notebook' }).click(),
    ]);
    const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-class-'));
    const file = path.join(folder, 'ada', saved.suggestedFilename());
    mkdirSync(path.dirname(file));
    await saved.saveAs(file);
    const given = readNotebook(path.join(site, 'downloads', 'exercises', `${CHAPTER}.ipynb`)).content;
    const own: Readonly<Record<string, string>> = { fate: WRONG, written: 'Steep: $1 & $&.' };
    const cells = given.cells.map((cell) => ({ ...cell, source: own[cell.id] ?? cell.source }));
    expect(readNotebook(file).content).toEqual({ ...given, cells });
    const { submissions, ignored } = await findSubmissions(folder);
    expect(submissions).toMatchObject([{ student: 'ada', assignment: CHAPTER }]);
    expect(ignored).toEqual([]);
    const content = await submissions[0].read();
    const read = 'problem' in content ? content : readHandedIn(content);
    if ('problem' in read) throw new Error(read.problem);
    expect(read.cells.find(({ id }) => id === 'fate')?.source).toBe(WRONG);
    expect(answersInWords(read.cells, CHAPTER)).toMatchObject([{ found: 'answered', answer: own.written }]);
    rmSync(folder, { recursive: true });
    expect(problems).toEqual([]);
    await close();
  });

  it('is reached from its chapter, and leads back', async () => {
    const { page, problems, close } = await open(CHAPTER);
    await page.getByRole('link', { name: '03 Gradient descent', exact: true }).last().click();
    await page.waitForURL(/03-gradient-descent\.html$/);
    await page.getByRole('link', { name: 'Exercises of this chapter' }).click();
    await page.waitForURL(/03-exercises\.html$/);
    expect(await page.locator('nav.contents [aria-current]').innerText()).toBe('Exercises');
    expect(problems).toEqual([]);
    await close();
  });

  it.each(chosen(assignmentNames()))(
    '%s: the reference answers pass all checks that run in a page',
    async (chapter) => {
      const answers = answersOf(chapter);
      const { page, problems, close } = await open(chapter, JSON.stringify(answers));
      const checks = page.locator('[data-checks]:has(.live-bar button)');
      const count = await checks.count();
      expect(count).toBe(Object.keys(answers).length - (chapter.startsWith('A1') ? 1 : 0));
      expect(await checkAll(page)).toBe(`${count} of ${count} checks passed`);
      expect(await page.locator('[data-checks] td', { hasText: '✗' }).count()).toBe(0);
      expect(problems).toEqual([]);
      await close();
    },
  );
});
