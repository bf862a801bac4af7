import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { z } from 'zod';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const report = z.object({
  passes: z.array(z.unknown()),
  violations: z.array(
    z.object({ id: z.string(), impact: z.string().nullable(), nodes: z.array(z.object({ html: z.string() })) }),
  ),
});

/** What axe finds serious or worse on a page or in one element of it, a line each; also that it checked next to nothing. */
export async function seriousOn(page: Page, element?: string): Promise<string[]> {
  await page.evaluate(readFileSync(axe, 'utf8'));
  const { passes, violations } = report.parse(
    await page.evaluate(
      `axe.run(${element ? JSON.stringify(element) : 'document'}, { resultTypes: ['violations'], preload: false })`,
    ),
  );
  const found = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => `${id} (${impact ?? ''}) ${nodes.length}× ${nodes[0].html.slice(0, 160)}`);
  return passes.length < (element ? 5 : 10) ? [...found, `axe checked only ${passes.length} rules`] : found;
}
