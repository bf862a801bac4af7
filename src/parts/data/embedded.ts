import { files, joinPath } from '../files';
import { parseIdx } from './idx';
import type { ImageSet } from './image-set';
import { findFile, readChecked } from './find-file';
import { describeDataSet } from './registry';
import { numberColumn, parseTable, type Table } from './table';

/** Rows of numbers with a target each. */
export interface TabularSet {
  readonly name: string;
  readonly featureNames: readonly string[];
  /** Features, `[count][features]`. */
  readonly x: number[][];
  readonly targetName: string;
  /** What is to be predicted: a number, or a class as an index into `classNames`. */
  readonly y: number[];
  /** The classes' names; absent where the target is a number. */
  readonly classNames?: readonly string[];
}

function embeddedContent(name: string): { content: Uint8Array; file: string } {
  const file = describeDataSet(name).files[0];
  const { embedded } = files();
  const found = findFile(file, [embedded]) ?? joinPath(embedded, file.path);
  return { content: readChecked(found, file), file: file.path };
}

function embeddedTable(name: string): Table {
  const { content, file } = embeddedContent(name);
  return parseTable(content, file);
}

function tabularSet(name: string, classNames?: readonly string[]): TabularSet {
  const table = embeddedTable(name);
  const featureNames = table.columns.slice(0, -1);
  const targetName = table.columns[table.columns.length - 1];
  const columns = featureNames.map((feature) => numberColumn(table, feature));
  return {
    name,
    featureNames,
    x: table.rows.map((_, row) => columns.map((column) => column[row])),
    targetName,
    y: numberColumn(table, targetName),
    ...(classNames ? { classNames } : {}),
  };
}

/**
 * 1,797 handwritten digits, 8×8 pixels with values 0–16 (Alpaydin and Kaynak, 1998; as in scikit-learn).
 *
 * @example
 * import { loadDigits } from 'layerwise/data';
 * const digits = loadDigits();
 * digits.count; // 1797
 */
export function loadDigits(): ImageSet {
  const table = embeddedTable('digits');
  const pixels = table.columns.slice(0, -1).map((column) => numberColumn(table, column));
  const images = new Uint8Array(table.rows.length * pixels.length);
  pixels.forEach((column, pixel) => column.forEach((value, row) => (images[row * pixels.length + pixel] = value)));
  return {
    name: 'digits',
    images,
    labels: Uint8Array.from(numberColumn(table, 'digit')),
    count: table.rows.length,
    height: 8,
    width: 8,
    channels: 1,
    classNames: Array.from({ length: 10 }, (_, digit) => String(digit)),
  };
}

/** 150 iris flowers of three species, four lengths in cm each (Fisher, 1936). */
export const loadIris = (): TabularSet => tabularSet('iris', ['setosa', 'versicolor', 'virginica']);

/** 178 wines from three growers, 13 chemical measurements each (Forina et al., 1991). */
export const loadWine = (): TabularSet => tabularSet('wine', ['class_0', 'class_1', 'class_2']);

/**
 * 569 breast tumors, malignant (0) or benign (1), 30 measurements of cell nuclei each (Street, Wolberg and Mangasarian,
 * 1993).
 */
export const loadBreastCancer = (): TabularSet => tabularSet('breast-cancer', ['malignant', 'benign']);

/** 442 diabetes patients: ten measurements, and the progression of the disease a year later (Efron et al., 2004). */
export const loadDiabetes = (): TabularSet => tabularSet('diabetes');

/** 27 generated people: age in years, whether insurance is affordable to them (0 or 1), whether they bought it. */
export const loadInsurance = (): TabularSet => tabularSet('insurance', ['not bought', 'bought']);

/** 20 generated homes: area in square feet, bedrooms, price in dollars. */
export const loadHomePrices = (): TabularSet => tabularSet('home-prices');

/** 200 points on two half circles that reach into each other. */
export const loadMoons = (): TabularSet => tabularSet('moons', ['upper', 'lower']);

/** 200 points on two circles, one inside the other. */
export const loadCircles = (): TabularSet => tabularSet('circles', ['outer', 'inner']);

/** 200 points on two spirals. */
export const loadSpirals = (): TabularSet => tabularSet('spirals', ['first', 'second']);

/** 150 points in three clouds. */
export const loadBlobs = (): TabularSet => tabularSet('blobs', ['left', 'right', 'top']);

/** A short film: gray values 0–255. */
export interface Clip {
  /** `[frames, height, width]`, row by row. */
  readonly frames: Uint8Array;
  readonly shape: readonly [number, number, number];
}

/** 16 frames of 32×32 pixels in which a handwritten digit moves and bounces off the edges. */
export function loadMovingDigit(): Clip {
  const { content, file } = embeddedContent('moving-digit');
  const { shape, values } = parseIdx(content, file);
  return { frames: Uint8Array.from(values), shape: [shape[0], shape[1], shape[2]] };
}

/** Values that follow each other in time. */
export interface TimeSeries {
  /** Days as YYYY-MM-DD. */
  readonly dates: readonly string[];
  readonly values: readonly number[];
}

/** Three generated years of daily temperatures in °C: a yearly wave, a slow rise, weather. */
export function loadSeasonalSeries(): TimeSeries {
  const table = embeddedTable('seasonal-series');
  return { dates: table.rows.map((row) => String(row.date)), values: numberColumn(table, 'temperature') };
}
