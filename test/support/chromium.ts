import { chromium, type Browser } from 'playwright-core';
import { findProgram, systemParts } from '../../src/setup/system-parts.mjs';

/** Path of the system's Chromium, or undefined: tests that need it are skipped there. */
export const chromiumPath: string | undefined = findProgram(systemParts[0]);

export function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('Chromium is not installed');
  // As root Chromium has no sandbox; WebGL is drawn by the processor. Nothing is asked of the network.
  const args = ['--disable-gpu', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  return chromium.launch({ executablePath: chromiumPath, args: process.getuid?.() === 0 ? [...args, '--no-sandbox'] : args });
}
