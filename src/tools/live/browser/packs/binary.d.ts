/** The WebAssembly of TensorFlow.js as base64: see `packs.ts`. */
declare module 'layerwise:wasm' {
  const binary: string;
  export default binary;
}
