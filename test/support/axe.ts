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

/** What axe finds serious or worse on a page, a line each; also that it checked next to nothing. */
export async function seriousOn(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(axe, 'utf8'));
  const { passes, violations } = report.parse(
    await page.evaluate("axe.run(document, { resultTypes: ['violations'], preload: false })"),
  );
  const found = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => `${id} (${impact ?? ''}) ${nodes.length}× ${nodes[0].html.slice(0, 160)}`);
  return passes.length < 10 ? [...found, `axe checked only ${passes.length} rules`] : found;
}
