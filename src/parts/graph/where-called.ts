const LIBRARIES =
  /node_modules|tfjs-(?:core|layers|node|data|converter|backend-cpu)[\\/]|[\\/](?:dist|src)[\\/]parts[\\/]graph[\\/]|node:internal/;

/**
 * The line outside of TensorFlow.js and of this folder from which we were called, as `file:line`, or the cell of a
 * notebook.
 */
export function whereCalled(): string {
  const lines = (new Error().stack ?? '').split('\n').slice(1);
  const line = lines.find((text) => !LIBRARIES.test(text)) ?? '';
  const cell = /__kernel-cell-(\d+)\.js/.exec(line)?.[1];
  if (cell !== undefined) return `in cell ${cell}`;
  const place = /\(?([^()\s]+:\d+):\d+\)?$/.exec(line)?.[1];
  return place === undefined ? 'line unknown' : `at ${place.split(/[\\/]/).slice(-2).join('/')}`;
}
