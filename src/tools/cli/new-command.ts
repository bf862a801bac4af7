import { newChapter } from '../book';

/** `layerwise new NN-name`: writes a chapter's skeleton and says what comes next; returns the exit status. */
export function runNew(name: string): number {
  try {
    for (const file of newChapter(name)) console.log(`written: ${file}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
  console.log("\nNow: npm run check -- --fix (puts it into README's table), and write.");
  return 0;
}
