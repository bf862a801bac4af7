/** Something in the function that a graph can't hold. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}
