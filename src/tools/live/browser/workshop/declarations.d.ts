declare module 'layerwise:declarations' {
  /** Texts by path. */
  const declarations: Readonly<Record<string, string>>;
  export default declarations;
}
