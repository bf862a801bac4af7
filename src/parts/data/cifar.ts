import { DataError } from './data-error';
import type { ImageSet } from './image-set';
import { openFile } from './open-file';

const SIDE = 32;
const CHANNELS = 3;
const PIXELS = SIDE * SIDE;

/** The class names of CIFAR-10, in the order of its labels (Krizhevsky, 2009). */
export const CIFAR10_CLASSES = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;

/**
 * Reads a file in CIFAR's binary layout: for each image one label byte (CIFAR-10) or two (CIFAR-100: coarse, fine),
 * then 1,024 red, 1,024 green and 1,024 blue bytes.
 * The images come back channels-last, `[count, 32, 32, 3]`. A gzip file is decompressed on the way.
 *
 * @param labelBytes 1 (default) or 2; the last of them is the label.
 * @throws DataError where the length doesn't fit or a label is out of range.
 */
export function readCifar(file: string, labelBytes: 1 | 2 = 1): ImageSet {
  return parseCifar(openFile(file), file, labelBytes);
}

/** The same for content that is already in memory; `file` is the name that errors show. */
export function parseCifar(content: Uint8Array, file: string, labelBytes: 1 | 2 = 1): ImageSet {
  const record = labelBytes + PIXELS * CHANNELS;
  const classes = labelBytes === 1 ? 10 : 100;
  const count = Math.floor(content.length / record);
  if (count === 0)
    throw new DataError(file, `expected records of ${record} bytes, got ${content.length} bytes`, content.length);
  if (content.length !== count * record)
    throw new DataError(
      file,
      `expected whole records of ${record} bytes, got ${count} and ${content.length - count * record} bytes more`,
      count * record,
    );
  const images = new Uint8Array(count * PIXELS * CHANNELS);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const start = i * record;
    labels[i] = content[start + labelBytes - 1];
    if (labels[i] >= classes)
      throw new DataError(file, `expected a label below ${classes}, got ${labels[i]}`, start + labelBytes - 1);
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      for (let channel = 0; channel < CHANNELS; channel++) {
        images[(i * PIXELS + pixel) * CHANNELS + channel] = content[start + labelBytes + channel * PIXELS + pixel];
      }
    }
  }
  const classNames = labelBytes === 1 ? CIFAR10_CLASSES : Array.from({ length: classes }, (_, label) => String(label));
  return { name: file, images, labels, count, height: SIDE, width: SIDE, channels: CHANNELS, classNames };
}
