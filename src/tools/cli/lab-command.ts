import { spawn } from 'node:child_process';
import path from 'node:path';
import { giveLearnerCopy } from '../book';
import { chapterNames } from '../course';
import { inRoot, venv } from '../paths';

/** The words of the command line. */
export interface LabCommandOptions {
  readonly teacher?: boolean;
  readonly folder?: string;
  readonly chapter?: string;
  readonly open: boolean;
}

/**
 * `layerwise lab`: opens JupyterLab on the learner's copy of the course; with `--teacher` on the course's own
 * notebooks, with answers and nbgrader's menus.
 * Resolves with the exit status.
 *
 * @param args passed on to JupyterLab.
 */
export async function runLab(
  args: readonly string[],
  { teacher = false, folder = inRoot('work'), chapter, open }: LabCommandOptions,
): Promise<number> {
  const name = chapter === undefined ? undefined : chapterNames().find((one) => one.startsWith(chapter));
  if (chapter !== undefined && name === undefined) {
    console.error(`lab: no chapter begins with ${chapter}; there are ${chapterNames().join(', ')}`);
    return 1;
  }
  const copy = path.resolve(folder);
  if (!teacher && !tellOfCopy(copy)) return 1;
  if (!open) return 0;
  const env = { ...process.env, PATH: [path.dirname(venv('jupyter')), process.env.PATH].join(path.delimiter) };
  const view = teacher
    ? {}
    : {
        JUPYTER_CONFIG_PATH: [inRoot('src', 'tools', 'cli', 'learner-view'), process.env.JUPYTER_CONFIG_PATH]
          .filter(Boolean)
          .join(path.delimiter),
      };
  const child = spawn(
    venv('jupyter'),
    [
      'lab',
      `--ServerApp.root_dir=${teacher ? inRoot('notebooks') : copy}`,
      ...(name === undefined ? [] : [`--LabApp.default_url=/lab/tree/${name}.ipynb`]),
      ...args,
    ],
    { stdio: 'inherit', env: { ...env, ...view } },
  );
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** Completes the learner's copy and says what is new in it. Answers whether there is one. */
function tellOfCopy(folder: string): boolean {
  const shown = path.relative(process.cwd(), folder) || '.';
  try {
    const { given, beside, problems } = giveLearnerCopy(folder);
    if (given.length > 0)
      console.log(
        `${given.length} ${given.length === 1 ? 'notebook' : 'notebooks'} put into ${shown}/, your copy of the course: it is yours, no command changes what you have in it.`,
      );
    for (const { file, newer } of beside)
      console.log(`${file} has changed in the course: the new one lies beside yours, ${shown}/${newer}`);
    for (const problem of problems) console.error(`Not put into ${shown}/: ${problem}`);
    return true;
  } catch (error) {
    console.error(
      `lab: the folder ${shown} can't be made or written: ${error instanceof Error ? error.message : String(error)}`,
    );
    return false;
  }
}
