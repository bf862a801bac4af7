import { PNG } from 'pngjs';
import { toBase64 } from '../files';
import type { MimeBundle } from './bundle';
import { escapeHtml } from './escape';

/** An image in memory: values 0–255, row by row, channels last. */
export interface Pixels {
  readonly pixels: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
  /** 1 gray, 3 color, 4 color and opacity (default 1). */
  readonly channels?: number;
}

/** The image as a PNG file's content. */
export function encodePng(image: Pixels): Uint8Array {
  const { pixels, height, width, channels = 1 } = image;
  if (![1, 3, 4].includes(channels)) throw new RangeError(`encodePng: expected 1, 3 or 4 channels, got ${channels}`);
  if (pixels.length !== height * width * channels)
    throw new RangeError(
      `encodePng: expected ${height}×${width}×${channels} = ${height * width * channels} values, got ${pixels.length}`,
    );
  const png = new PNG({ width, height });
  for (let i = 0; i < height * width; i++) {
    for (let channel = 0; channel < 3; channel++)
      png.data[4 * i + channel] = pixels[channels * i + (channels === 1 ? 0 : channel)];
    png.data[4 * i + 3] = channels === 4 ? pixels[4 * i + 3] : 255;
  }
  return PNG.sync.write(png);
}

export interface ImageDisplayOptions {
  /** What the image shows, for those who can't see it. */
  readonly alt: string;
  /** How many screen pixels a pixel takes (default: as many as make the longer side about 200). */
  readonly scale?: number;
}

/** An image as HTML, so that its alternative text stays with it, and as text. */
export function imageBundle(image: Pixels, options: ImageDisplayOptions): MimeBundle {
  const scale = options.scale ?? Math.max(1, Math.round(200 / Math.max(image.height, image.width)));
  const source = `data:image/png;base64,${toBase64(encodePng(image))}`;
  const html = `<img alt="${escapeHtml(options.alt)}" src="${source}" width="${image.width * scale}" height="${image.height * scale}" style="image-rendering:pixelated">`;
  return { 'text/html': html, 'text/plain': `image of ${image.width}×${image.height} pixels: ${options.alt}` };
}
