/** The line outside of TensorFlow.js and of this folder from which we were called, as `file:line`. */
export function whereCalled(): string {
  const lines = (new Error().stack ?? '').split('\n').slice(1);
  const line = lines.find((text) => !/node_modules|[\\/](dist|src)[\\/]graph[\\/]|node:internal/.test(text));
  const place = /\(?([^()\s]+:\d+):\d+\)?$/.exec(line ?? '')?.[1];
  return place === undefined ? 'line unknown' : `at ${place.split(/[\\/]/).slice(-2).join('/')}`;
}
