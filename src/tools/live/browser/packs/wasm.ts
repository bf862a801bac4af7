import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env, setBackend } from '@tensorflow/tfjs-core';
import binary from 'layerwise:wasm';

const NAME = 'tfjs-backend-wasm-simd.wasm';

/**
 * Starts the WebAssembly back end. Its binary lies in the pack as base64, since a page from a file can ask for nothing.
 *
 * @throws Error where the browser knows no WebAssembly, or none with SIMD.
 */
export async function startWasm(): Promise<void> {
  const bytes = Uint8Array.from(atob(binary), (letter) => letter.charCodeAt(0));
  const { platform } = env();
  const before = platform.fetch.bind(platform);
  platform.fetch = async (path) => {
    if (path.endsWith(NAME)) return new Response(bytes, { headers: { 'Content-Type': 'application/wasm' } });
    throw new Error(`${path} is not part of this page`);
  };
  try {
    setWasmPaths({ 'tfjs-backend-wasm.wasm': NAME, [NAME]: NAME, 'tfjs-backend-wasm-threaded-simd.wasm': NAME }, true);
    if (!(await setBackend('wasm'))) throw new Error('it did not start');
  } finally {
    platform.fetch = before;
  }
}
