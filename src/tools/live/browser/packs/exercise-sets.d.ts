declare module 'layerwise:exercises' {
  /** By chapter, what gives its visible exercises. */
  const sets: Readonly<Record<string, () => unknown>>;
  export default sets;
}
