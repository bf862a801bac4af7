import { tensorFlow } from '../tensorflow';
import { displaySymbol, isDisplayable, type MimeBundle } from './bundle';
import { isDataFrame, tableOf, type DataFrameLike } from './data-frame';
import { imageBundle, type ImageDisplayOptions, type Pixels } from './image';
import { mediaBundle } from './media';
import { inspectShort } from './inspect';
import { output } from './output';
import { tableBundle, tableOfRows, type TableDisplayOptions, type TableRow } from './table';
import { isTensor, tensorBundle } from './tensor';

/**
 * Shows a value as such: figures as figures, tensors with shape and type, danfo tables as tables, other things as Node
 * prints them.
 *
 * A function is called and its result shown; tensors that it makes on the way, the result too, are freed afterwards (it
 * runs in `tf.tidy`).
 *
 * @example
 * import { show } from 'layerwise/display';
 * show([1, 2, 3]);
 */
export function show(value: unknown): void {
  if (isMaker(value)) showAndFree(value);
  else output(bundleOf(value));
}

/** What plotly draws: a list of traces, each of a type, and a layout. */
const isPlotlySpec = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'data' in value &&
  Array.isArray(value.data) &&
  'layout' in value &&
  value.data.every((trace: unknown) => typeof trace === 'object' && trace !== null && 'type' in trace);

const isMaker = (value: unknown): value is () => unknown =>
  typeof value === 'function' && value.length === 0 && !/^class\b/.test(String(value));

function showAndFree(make: () => unknown): void {
  tensorFlow().tidy(() => {
    output(bundleOf(make()));
  });
}

/** The forms in which {@link show} shows a value. */
export function bundleOf(value: unknown): MimeBundle {
  if (isDisplayable(value)) return value[displaySymbol]();
  if (isTensor(value)) return tensorBundle(value);
  if (isDataFrame(value)) return tableBundle(tableOf(value));
  if (value instanceof Uint8Array) return mediaBundle(value) ?? { 'text/plain': inspectShort(value) };
  if (isPlotlySpec(value)) return { 'application/vnd.plotly.v1+json': value, 'text/plain': 'Figure' };
  return { 'text/plain': inspectShort(value) };
}

/**
 * Shows rows as a table.
 *
 * @param rows one object a row, from column name to value; or a danfo DataFrame or Series.
 * @example
 * import { showTable } from 'layerwise/display';
 * showTable([{ name: 'ReLU', at: -1, value: 0 }], { caption: 'Activations' });
 */
export function showTable(rows: readonly TableRow[] | DataFrameLike, options: TableDisplayOptions = {}): void {
  output(tableBundle(isDataFrame(rows) ? tableOf(rows) : tableOfRows(rows), options));
}

/** Shows an image. */
export function showImage(image: Pixels, options: ImageDisplayOptions): void {
  output(imageBundle(image, options));
}

/** Shows HTML as it is: escape what comes from data with {@link escapeHtml}. */
export function showHtml(html: string): void {
  output({ 'text/html': html, 'text/plain': html.replace(/<[^>]*>/g, '') });
}

/** Shows Markdown; formulas stand between dollar signs. */
export function showMarkdown(markdown: string): void {
  output({ 'text/markdown': markdown, 'text/plain': markdown });
}
