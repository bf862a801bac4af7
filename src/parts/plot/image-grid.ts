import { makeFigure, type Figure, type FigureText, type Spec } from './figure';
import { checkFits } from './overlay-fit';
import { moved } from './moved';
import { drawOn } from './overlay-marks';
import { palette } from './theme';

export interface ImageGridOptions extends FigureText {
  /**
   * Values of all images, `[count, height, width, channels]` in one list; gray images are scaled from their smallest to
   * their largest value.
   */
  readonly images: ArrayLike<number>;
  readonly imageHeight: number;
  readonly imageWidth: number;
  /** 1 gray (default) or 3 color (0–255). */
  readonly channels?: 1 | 3;
  /** A word under each image. */
  readonly captions?: readonly string[];
  /** What to draw on each image, such as boxes, in pixels from the image's upper left corner; undefined: nothing. */
  readonly marks?: ReadonlyArray<Figure | undefined>;
  /** How much an area among the marks hides of its image, from 0 to 1 (default 0.5). */
  readonly opacity?: number;
  /** Images in a row (default: as square as it goes). */
  readonly columns?: number;
}

/**
 * Small images side by side, with a caption under each. Positions are counted in pixels from the upper left corner of
 * the first image: its pixel in row 2 and column 3 covers 3 to 4 along x and 2 to 3 along y.
 */
export function imageGrid(options: ImageGridOptions): Figure {
  const { images, imageHeight, imageWidth, channels = 1, captions = [], marks = [] } = options;
  const size = imageHeight * imageWidth * channels;
  const count = images.length / size;
  if (!Number.isInteger(count) || count === 0)
    throw new RangeError(
      `imageGrid: expected a multiple of ${imageHeight}×${imageWidth}×${channels} = ${size} values, got ${images.length}`,
    );
  for (const [name, { length }] of [
    ['captions', captions],
    ['marks', marks],
  ] as const)
    // prettier-ignore
    if (length > 0 && length !== count) throw new RangeError(`imageGrid: expected ${count} ${name}, got ${length}`);
  const columns = Math.min(count, options.columns ?? Math.ceil(Math.sqrt(count * 1.6)));
  const rows = Math.ceil(count / columns);
  const gap = Math.max(1, Math.round(imageWidth / 8));
  const captionRoom = captions.length > 0 ? Math.ceil(imageHeight * 0.3) : 0;
  const [stepX, stepY] = [imageWidth + gap, imageHeight + gap + captionRoom];
  const places = Array.from({ length: count }, (_, i) => ({
    x: (i % columns) * stepX,
    y: Math.floor(i / columns) * stepY,
  }));
  const z = pixels(options, places, { width: columns * stepX - gap, height: rows * stepY });
  const annotations = captions.map((text, i) => ({
    x: places[i].x + imageWidth / 2,
    y: places[i].y + imageHeight + 0.5,
    text,
    showarrow: false,
    yanchor: 'top',
    font: { size: 12 },
  }));
  const hidden = { visible: false, constrain: 'domain' };
  const grid = makeFigure('imageGrid', options, [{ ...look(channels), z, x0: 0.5, y0: 0.5, hoverinfo: 'skip' }], {
    xaxis: hidden,
    yaxis: { ...hidden, autorange: 'reversed', scaleanchor: 'x' },
    annotations,
    margin: { l: 10, r: 10, t: 60, b: 10 },
    height: options.height ?? Math.max(180, Math.min(640, 80 + Math.round((620 * rows * stepY) / (columns * stepX)))),
    meta: { alt: options.alt, images: count },
  });
  const drawn = marks.flatMap((figure, i) => {
    if (!figure) return [];
    checkFits('imageGrid', grid, { x: [0, imageWidth], y: [0, imageHeight] }, figure, `marks[${i}]`);
    return [moved(figure, places[i])];
  });
  return drawn.length === 0 ? grid : drawOn(grid, drawn, { opacity: options.opacity ?? 0.5, apart: false });
}

/** The images in one grid of pixels, with nothing between them. */
function pixels(
  { images, imageHeight, imageWidth, channels = 1 }: ImageGridOptions,
  places: ReadonlyArray<{ readonly x: number; readonly y: number }>,
  { width, height }: { readonly width: number; readonly height: number },
): ReadonlyArray<ReadonlyArray<number | readonly number[] | null>> {
  const blank = channels === 1 ? null : hexToRgb(palette().background);
  const grid = Array.from({ length: height }, () => new Array<number | readonly number[] | null>(width).fill(blank));
  places.forEach(({ x, y }, i) => {
    for (let row = 0; row < imageHeight; row++) {
      for (let column = 0; column < imageWidth; column++) {
        const at = ((i * imageHeight + row) * imageWidth + column) * channels;
        grid[y + row][x + column] = channels === 1 ? images[at] : [images[at], images[at + 1], images[at + 2]];
      }
    }
  });
  return grid;
}

const look = (channels: 1 | 3): Spec =>
  channels === 1 ? { type: 'heatmap', colorscale: 'Greys', reversescale: true, showscale: false } : { type: 'image' };

const hexToRgb = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
