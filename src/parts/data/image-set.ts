/** Images with a label each. */
export interface ImageSet {
  readonly name: string;
  /** Pixel values 0–255 (digits: 0–16), shape `[count, height, width, channels]`. */
  readonly images: Uint8Array;
  /** Class of each image, an index into `classNames`. */
  readonly labels: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classNames: readonly string[];
}

/** The images at the given indices, in that order. */
export function selectImages(set: ImageSet, indices: readonly number[]): ImageSet {
  const size = set.height * set.width * set.channels;
  const images = new Uint8Array(indices.length * size);
  const labels = new Uint8Array(indices.length);
  indices.forEach((index, i) => {
    if (!Number.isInteger(index) || index < 0 || index >= set.count)
      throw new RangeError(`selectImages: expected indices from 0 to ${set.count - 1}, got ${index}`);
    images.set(set.images.subarray(index * size, (index + 1) * size), i * size);
    labels[i] = set.labels[index];
  });
  return { ...set, images, labels, count: indices.length };
}
