// What a cell shows: values, tables, images, progress. The one door to output.
export { displaySymbol, isDisplayable, type Displayable, type MimeBundle } from './bundle';
export { newOutputId, output, type OutputOptions } from './output';
export { clearOutput, prompt } from './hooks';
export { openComm, registerComm, type Comm, type CommHost, type CommTarget } from './comms';
export { bundleOf, show, showHtml, showImage, showMarkdown, showTable } from './show';
export { showProgress, type ProgressBar } from './progress';
export { escapeHtml } from './escape';
export { formatNumber } from './format-number';
export { encodePng, type ImageDisplayOptions, type Pixels } from './image';
export { type TableDisplayOptions, type TableRow } from './table';
export { type DataFrameLike } from './data-frame';
