import type { CheerioAPI } from 'cheerio';
import { z } from 'zod';
import { escapeHtml } from '../../../parts/display';
import { hashOf } from './files';
import type { CellProblem } from './outputs';

const plotly = z.looseObject({
  data: z.array(z.unknown()),
  layout: z.looseObject({
    height: z.number().optional(),
    title: z.union([z.string(), z.looseObject({ text: z.string().optional() })]).optional(),
    meta: z.looseObject({ alt: z.string().optional(), explore: z.string().optional() }).optional(),
  }),
  frames: z.array(z.unknown()).nullish(),
});

/** A figure of a page: what plotly needs, and what people read. */
export interface PageFigure {
  readonly id: string;
  readonly cell: string;
  readonly label: string;
  readonly title: string;
  readonly alt: string;
  readonly height: number;
  readonly isAnimated: boolean;
  /** What its controls say, where it has some. */
  readonly explored: string | undefined;
  /** Plotly's JSON, as in the notebook. */
  readonly json: string;
  /** Of the JSON: a figure that didn't change keeps its files. */
  readonly hash: string;
}

/** Numbers the figures of a page and puts captions and places for their pictures. Answers also with what is missing. */
export function placeFigures(
  $: CheerioAPI,
  number: string,
): { readonly figures: PageFigure[]; readonly problems: CellProblem[] } {
  const figures: PageFigure[] = [];
  const problems: CellProblem[] = [];
  $('.plotly').each((_, place) => {
    const cell = $(place).closest('.cell').attr('id') ?? '';
    const json = $(place).find('script').text();
    const parsed = plotly.safeParse(parse(json));
    if (!parsed.success) {
      problems.push({ cell, message: "a figure is missing: its output isn't one of plotly's" });
      return;
    }
    const { layout, frames } = parsed.data;
    const alt = (layout.meta?.alt ?? '').trim();
    if (alt === '') problems.push({ cell, message: 'a figure has no alternative text; give it `alt`' });
    const label = `${number}.${figures.length + 1}`;
    const title = ((typeof layout.title === 'string' ? layout.title : layout.title?.text) ?? '').replace(
      /<[^>]*>/g,
      '',
    );
    const figure: PageFigure = {
      id: `figure-${label.replace('.', '-')}`,
      cell,
      label,
      title,
      alt,
      height: layout.height ?? 420,
      isAnimated: Array.isArray(frames) && frames.length > 0,
      explored: layout.meta?.explore,
      json,
      hash: hashOf(json).slice(0, 16),
    };
    figures.push(figure);
    $(place).replaceWith(figureHtml(figure));
  });
  return { figures, problems };
}

/** `{{picture …}}` becomes the static picture's address, when it is known. */
function figureHtml({ id, label, title, alt, height, isAnimated, explored, hash }: PageFigure): string {
  const hint = isAnimated
    ? ' <span class="hint">(moves: play it in the page)</span>'
    : explored === undefined
      ? ''
      : ` <span class="explored">(${escapeHtml(explored)}<span class="hint">; run the cell to change it</span>)</span>`;
  return `<figure class="plot" id="${id}" data-label="${label}" data-figure="${hash}"><div class="plot-place" style="min-height:${height}px"><img class="plot-picture" src="{{picture ${hash}}}" alt="${escapeHtml(alt)}" loading="lazy" decoding="async"></div><figcaption><a href="#${id}">Figure ${label}</a> <span class="figure-title">${escapeHtml(title)}</span>${hint}</figcaption></figure>`;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
