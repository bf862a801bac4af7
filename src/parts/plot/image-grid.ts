import { makeFigure, type Figure, type FigureText, type Spec } from './figure';
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
  /** Images in a row (default: as square as it goes). */
  readonly columns?: number;
}

/** Small images side by side, with a caption under each. */
export function imageGrid(options: ImageGridOptions): Figure {
  const { images, imageHeight, imageWidth, channels = 1, captions = [] } = options;
  const size = imageHeight * imageWidth * channels;
  const count = images.length / size;
  if (!Number.isInteger(count) || count === 0)
    throw new RangeError(
      `imageGrid: expected a multiple of ${imageHeight}×${imageWidth}×${channels} = ${size} values, got ${images.length}`,
    );
  if (captions.length > 0 && captions.length !== count)
    throw new RangeError(`imageGrid: expected ${count} captions, got ${captions.length}`);
  const columns = Math.min(count, options.columns ?? Math.ceil(Math.sqrt(count * 1.6)));
  const rows = Math.ceil(count / columns);
  const gap = Math.max(1, Math.round(imageWidth / 8));
  const captionRoom = captions.length > 0 ? Math.ceil(imageHeight * 0.3) : 0;
  const [stepX, stepY] = [imageWidth + gap, imageHeight + gap + captionRoom];
  const grid: (number | readonly number[] | null)[][] = Array.from({ length: rows * stepY }, () =>
    new Array<null>(columns * stepX - gap).fill(null),
  );
  const annotations: Spec[] = [];
  for (let i = 0; i < count; i++) {
    const [top, left] = [Math.floor(i / columns) * stepY, (i % columns) * stepX];
    for (let row = 0; row < imageHeight; row++) {
      for (let column = 0; column < imageWidth; column++) {
        const at = i * size + (row * imageWidth + column) * channels;
        grid[top + row][left + column] = channels === 1 ? images[at] : [images[at], images[at + 1], images[at + 2]];
      }
    }
    if (captions[i] !== undefined)
      annotations.push({
        x: left + (imageWidth - 1) / 2,
        y: top + imageHeight,
        text: captions[i],
        showarrow: false,
        yanchor: 'top',
        font: { size: 12 },
      });
  }
  const blank = hexToRgb(palette().background);
  const trace =
    channels === 1
      ? { type: 'heatmap', z: grid, colorscale: 'Greys', reversescale: true, showscale: false, hoverinfo: 'skip' }
      : { type: 'image', z: grid.map((row) => row.map((value) => value ?? blank)), hoverinfo: 'skip' };
  const hidden = { visible: false, constrain: 'domain' };
  return makeFigure('imageGrid', options, [trace], {
    xaxis: hidden,
    yaxis: { ...hidden, autorange: 'reversed', scaleanchor: 'x' },
    annotations,
    margin: { l: 10, r: 10, t: 60, b: 10 },
    height: options.height ?? Math.max(180, Math.min(640, 80 + Math.round((620 * rows * stepY) / (columns * stepX)))),
  });
}

const hexToRgb = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
