import puppeteer, { type Browser } from 'puppeteer-core';
import { findProgram, systemParts } from '../../src/setup/system-parts.mjs';

const part = systemParts.find(({ name }) => name === 'Firefox');

/** Path of the system's Firefox, or undefined: tests that need it are skipped there. */
export const firefoxPath: string | undefined = part && findProgram(part);

/** Where nobody listens: all that Firefox asks of the network is refused, also by names of this machine. */
const NO_NETWORK = {
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
  'network.proxy.no_proxies_on': '',
  'network.proxy.allow_hijacking_localhost': true,
};

/** Firefox without a window and without a network. */
export function launchFirefox(): Promise<Browser> {
  if (firefoxPath === undefined) throw new Error('Firefox is not installed');
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: firefoxPath,
    headless: true,
    // A page's cells run for minutes on a busy machine.
    protocolTimeout: 300_000,
    extraPrefsFirefox: NO_NETWORK,
    defaultViewport: { width: 1200, height: 900 },
  });
}
