import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page as BrowserPage } from 'playwright-core';
import { inRoot } from '../../paths';
import type { PageFigure } from './figures';

const WIDTH = 760;
/** A drawing of more text than this is stored as pixels. */
const LONGEST_SVG = 300_000;
const TABS = 2;

/** Static pictures of figures, in a folder, named by the figures' hashes. */
export class Pictures {
  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /** The file of a figure's picture; undefined where it isn't drawn. */
  fileOf(hash: string): string | undefined {
    return ['svg', 'png'].map((ending) => `${hash}.${ending}`).find((file) => existsSync(path.join(this.folder, file)));
  }

  /** A picture as a data address, for pages that stand alone. */
  dataOf(hash: string): string | undefined {
    const file = this.fileOf(hash);
    if (file === undefined) return undefined;
    return `data:image/${file.endsWith('svg') ? 'svg+xml' : 'png'};base64,${readFileSync(path.join(this.folder, file)).toString('base64')}`;
  }

  /** Draws the figures that have no picture yet. Answers with what went wrong, by hash. */
  async draw(
    figures: readonly PageFigure[],
    browser: Browser,
    onProgress: (done: number, all: number) => void = () => undefined,
  ): Promise<Map<string, string>> {
    const todo = [
      ...new Map(
        figures.filter(({ hash }) => this.fileOf(hash) === undefined).map((figure) => [figure.hash, figure]),
      ).values(),
    ];
    const problems = new Map<string, string>();
    let next = 0;
    let done = 0;
    const tab = async (): Promise<void> => {
      const page = await browser.newPage({ viewport: { width: WIDTH, height: 600 }, deviceScaleFactor: 1 });
      await page.addScriptTag({ path: inRoot('node_modules', 'plotly.js-dist-min', 'plotly.min.js') });
      while (next < todo.length) {
        const figure = todo[next++];
        try {
          this.keep(figure.hash, await drawOne(page, figure));
        } catch (error) {
          problems.set(
            figure.hash,
            `figure ${figure.label} can't be drawn: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
          );
        }
        onProgress(++done, todo.length);
      }
      await page.close();
    };
    await Promise.all(Array.from({ length: Math.min(TABS, todo.length) }, tab));
    return problems;
  }

  private keep(hash: string, address: string): void {
    const [head, body] = [address.slice(0, address.indexOf(',')), address.slice(address.indexOf(',') + 1)];
    const bytes = head.includes('base64') ? Buffer.from(body, 'base64') : Buffer.from(decodeURIComponent(body), 'utf8');
    const target = path.join(this.folder, `${hash}.${head.includes('svg') ? 'svg' : 'png'}`);
    writeFileSync(`${target}.part`, bytes);
    renameSync(`${target}.part`, target);
  }
}

/** The picture as a data address, drawn by plotly itself. */
function drawOne(page: BrowserPage, { json, height }: PageFigure): Promise<string> {
  const request = `(async ({ json, height, width, longest }) => {
    const { data, layout } = JSON.parse(json);
    const size = { width, height };
    const figure = { data, layout: { ...layout, ...size, autosize: false } };
    const drawn = await Plotly.toImage(figure, { format: 'svg', ...size });
    return drawn.length <= longest ? drawn : Plotly.toImage(figure, { format: 'png', scale: 2, ...size });
  })(${JSON.stringify({ json, height, width: WIDTH, longest: LONGEST_SVG })})`;
  return page.evaluate<string>(request);
}
