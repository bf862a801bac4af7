import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A page that may ask nothing of the network. */
export interface OfflinePage {
  readonly page: Page;
  /** Requests to the network, refusals of the policy, errors of the page itself. */
  readonly problems: string[];
  readonly close: () => Promise<void>;
}

/** An empty page, before it goes anywhere; what it asks for, throws or is refused by its policy is noted. */
export async function offlinePage(browser: Browser, options: BrowserContextOptions = {}): Promise<OfflinePage> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  await context.route('**/*', (route) => {
    if (/^(?:file|data|blob):/.test(route.request().url())) return route.continue();
    problems.push(`asked for ${route.request().url()}`);
    return route.abort();
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  return { page, problems, close: () => context.close() };
}
