import type { Browser } from 'playwright-core';
import { findChromium, launch } from '../../src/tools/book/site/chromium';

/** Path of the system's Chromium, or undefined: tests that need it are skipped there. */
export const chromiumPath: string | undefined = findChromium();

export function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('Chromium is not installed');
  return launch(chromiumPath);
}
