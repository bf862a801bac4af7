import path from 'node:path';

/** What a file is, by its name. */
export type Kind = 'notebook' | 'archive' | 'system' | 'other';

const ARCHIVE = /\.(?:zip|tar|tar\.gz|tgz)$/i;
/** Browsers and mail programs put these endings behind the true one. */
const NOTEBOOK = /\.ipynb(?:\.(?:txt|json))?$/i;
const SYSTEM = /^(?:\..*|__MACOSX|Thumbs\.db|desktop\.ini|timestamp\.txt|__pycache__)$/i;

export function kindOf(name: string): Kind {
  if (SYSTEM.test(name)) return 'system';
  if (NOTEBOOK.test(name)) return 'notebook';
  return ARCHIVE.test(name) ? 'archive' : 'other';
}

/** A file's name without what says its kind. */
export const stemOf = (name: string): string =>
  name.replace(kindOf(name) === 'archive' ? ARCHIVE : kindOf(name) === 'notebook' ? NOTEBOOK : /\.[^.]{1,8}$/, '');

const SAVE = 'hand in the notebook itself (in JupyterLab: File, Download; its name ends in .ipynb)';
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/\.html?$/i, `a web page made from a notebook can't be graded: ${SAVE}`],
  [/\.(?:ts|js|mts|mjs|cts|cjs|py|txt|md)$/i, `code or text outside a notebook isn't graded: ${SAVE}`],
  [/\.(?:docx?|odt|rtf|pages|pdf|tex)$/i, `a document can't be graded: ${SAVE}`],
  [
    /\.(?:rar|7z|xz|bz2|tbz2?|txz|zst|gz)$/i,
    'archives of this kind are not read: hand in the notebook itself, or a zip archive',
  ],
  [/\.(?:png|jpe?g|gif|webp|heic|svg|mp4|mov)$/i, `a picture or film can't be graded: ${SAVE}`],
];

/** Why a file is left out that is neither a notebook nor an archive; says what to hand in. */
export const whyLeftOut = (name: string): string =>
  REASONS.find(([pattern]) => pattern.test(name))?.[1] ?? `it is no notebook: ${SAVE}`;

const patterns = new Map<string, RegExp>();

/**
 * The name's words in this order, whatever stands between them, before and behind: "Copy of …", " (1)", a student's
 * name.
 */
function patternFor(assignment: string): RegExp {
  const words = assignment.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return new RegExp(`(?<![\\p{L}\\p{N}])${words.join('[^\\p{L}\\p{N}]*')}(?!\\p{L})`, 'u');
}

/**
 * The assignment that a file's name means, as people and programs write it: in any case, with `_` or a space for `-`,
 * with words before or behind, in any form of Unicode.
 * Undefined where the name holds none.
 */
export function assignmentNamed(name: string, assignments: readonly string[]): string | undefined {
  const folded = stemOf(path.posix.basename(name)).normalize('NFKC').toLowerCase();
  return assignments
    .filter((assignment) => {
      const pattern = patterns.get(assignment) ?? patternFor(assignment);
      patterns.set(assignment, pattern);
      return pattern.test(folded);
    })
    .sort((a, b) => b.length - a.length)[0];
}
