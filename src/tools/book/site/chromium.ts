import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];

/** Path of the system's Chromium; undefined where there is none. LAYERWISE_CHROMIUM names another one. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.LAYERWISE_CHROMIUM) return existsSync(env.LAYERWISE_CHROMIUM) ? env.LAYERWISE_CHROMIUM : undefined;
  const candidates = (env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => PROGRAMS.map((program) => path.join(folder, program)));
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A browser without a window, which draws by the processor and asks nothing of the network. */
export function launch(executablePath: string): Promise<Browser> {
  const args = [
    '--disable-gpu',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ];
  // As root Chromium has no sandbox.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? [...args, '--no-sandbox'] : args });
}
