/** Light for paper and most screens, dark for dark pages. */
export type Theme = 'light' | 'dark';

interface Palette {
  readonly background: string;
  readonly text: string;
  readonly grid: string;
  /**
   * Series colors, in order: the first three told apart with any kind of color blindness (after Okabe and Ito, 2008),
   * each at 3:1 or more against the background.
   */
  readonly series: readonly string[];
}

export const palettes: Readonly<Record<Theme, Palette>> = {
  light: {
    background: '#ffffff',
    text: '#1f2933',
    grid: '#d9dee4',
    series: ['#0072b2', '#c04f00', '#00573f', '#a3527e', '#8f6400', '#4a4a4a'],
  },
  dark: {
    background: '#111827',
    text: '#e5e7eb',
    grid: '#374151',
    series: ['#56b4e9', '#f0894a', '#a8f0c8', '#e39ac3', '#f0d442', '#c9c9c9'],
  },
};

/** From low to high; readable in gray and with any kind of color blindness. */
export const SEQUENTIAL = 'Cividis';
/** From negative over zero to positive. */
export const DIVERGING = 'RdBu';

/** Dashes and marker symbols tell series apart where color can't. */
export const DASHES = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot'] as const;
export const SYMBOLS = ['circle', 'diamond', 'square', 'triangle-up', 'x', 'star'] as const;

let current: Theme = 'light';

/** Sets the theme of all figures that are made from now on (default light). */
export function setTheme(theme: Theme): void {
  if (!(theme in palettes)) throw new RangeError(`setTheme: expected light or dark, got "${String(theme)}"`);
  current = theme;
}

export const palette = (): Palette => palettes[current];

/** The color of series number `i`. */
export const seriesColor = (i: number): string => palette().series[i % palette().series.length];
