import { Command, InvalidArgumentError } from 'commander';
import type { BookCommandOptions } from './book-command';
import { didYouMean } from './did-you-mean';
import type { GradeCommandOptions } from './grade-command';
import type { LabCommandOptions } from './lab-command';
import type { QueueAddOptions, QueueStateOptions, QueueWorkOptions } from './queue-command';
import type { ReleaseCommandOptions } from './release-command';
import type { ResultsCommandOptions } from './results-command';

/**
 * The command line behind `./layerwise`. Sets the exit status. Each command is loaded when it is called: a browser or
 * TensorFlow for one would make all of them slow to start.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('./layerwise')
    .description('Layerwise: a deep-learning course in TypeScript that runs.')
    .showHelpAfterError('Add --help to see what there is.');
  program.command('doctor').description('one line for each part of the set-up, with the command that mends it');
  program
    .command('book')
    .description('execute the chapters and render the handouts')
    .option('--only <start...>', 'only notebooks whose name begins so, for example 02')
    .option('--force', 'run unchanged notebooks too')
    .option('--jobs <number>', 'how many at a time (default: as many as there are cores, at most 8)', positive)
    .option('--exercises', 'run the exercise notebooks instead')
    .option('--kernel <name>', 'tslab, or tslab-plain for the unmodified kernel', kernelName, 'tslab')
    .option('--cell-seconds <number>', 'time limit of a cell', positive)
    .option('--folder <path>', 'where the notebooks are')
    .action(async (options: BookCommandOptions) =>
      exitWith(await (await import('./book-command.js')).runBook(options)),
    );
  program
    .command('check')
    .description("check the notebooks: format, types, form, style, coverage; and README's table of chapters")
    .option('--folder <path>', 'where the notebooks are')
    .option('--fix', 'format the cells, and make the table of chapters anew')
    .action(async (options: { readonly folder?: string; readonly fix?: boolean }) =>
      exitWith(await (await import('./check-command.js')).runCheck(options)),
    );
  program
    .command('new')
    .description('write the skeleton of a chapter: its notebook, its exercises, its folder')
    .argument('<name>', 'its number and title, for example 07-convolutional-networks')
    .action(async (name: string) => exitWith((await import('./new-command.js')).runNew(name)));
  program
    .command('data')
    .description('list the data sets: which are here, where the others come from')
    .option('--download <name>', 'download a data set into the cache')
    .action(async (options: { readonly download?: string }) =>
      exitWith(await (await import('./data-command.js')).runData(options)),
    );
  program
    .command('results')
    .description('compute the bands of a chapter: its experiments over several seeds (minutes)')
    .argument('[chapter]', 'for example 06; with --check all where it is left out')
    .option('--seeds <number>', 'how many seeds (default 10)', positive)
    .option('--only <text>', 'only the row that is called so, or else those with this in their name')
    .option('--jobs <number>', 'how many rows at a time (default: as many as there are cores)', positive)
    .option('--check', 'say which rows are old, and the command that computes them; exit status 1 where there are any')
    .option(
      '--recompute <seconds>',
      'with --check: compute old rows that take less processor time than that together; exit status 1 only where one leaves its band',
      positive,
    )
    .action(async (chapter: string | undefined, options: ResultsCommandOptions) =>
      exitWith(await (await import('./results-command.js')).runResults(chapter, options)),
    );
  program
    .command('grade')
    .description('grade submissions, and take in marks of answers in words')
    .argument('[folder]', 'one folder or archive a student, or one archive of the whole class')
    .option(
      '--roster <file>',
      'a table (CSV) with a column id or name, and email if you like: whoever is on it gets a row',
    )
    .option(
      '--words <file>',
      'take in the points of words.csv, which grading makes and you fill in; alone, or after grading a folder',
    )
    .option('--out <folder>', 'where results go (default: build/grades)')
    .option('--only <start...>', 'only assignments whose name begins so, for example 02')
    .option('--jobs <number>', 'how many at a time (default: as many as there are cores)', positive)
    .option('--timeout <seconds>', 'time limit of each exercise, in place of its own', positive)
    .option('--cell-timeout <seconds>', 'time limit of a cell (default 30)', positive)
    .option('--submission-timeout <seconds>', 'time limit of a whole submission (default 600)', positive)
    .option('--sandbox <kind>', 'bubblewrap', sandboxKind, 'bubblewrap')
    .option('--unsafe', 'grade without a sandbox where none can be had: results are marked untrusted')
    .option('--force', 'grade again what was graded before')
    .option(
      '--nbgrader <course>',
      'put the scores into the gradebook of this nbgrader course, and the notebooks into its autograded folder',
    )
    .action(async (folder: string | undefined, options: GradeCommandOptions) =>
      exitWith(await (await import('./grade-command.js')).runGrade(folder, options)),
    );
  program
    .command('release')
    .description('make the student version of the course: solutions cut, hidden tests absent, checks locked')
    .option('--out <folder>', 'where it goes (default: build/release)')
    .option<readonly string[]>(
      '--with <folder>',
      'what students get besides, for example docs or build/handouts; may be given several times',
      (folder: string, before: readonly string[]) => [...before, folder],
      [],
    )
    .option('--nbgrader <course>', 'put the assignments into this course of nbgrader too')
    .action(async (options: ReleaseCommandOptions) =>
      exitWith(await (await import('./release-command.js')).runRelease(options)),
    );
  const queue = program.command('queue').description('grade on several machines, through Redis or Valkey');
  const redis = [
    '--redis <address>',
    'where Redis is (default: LAYERWISE_REDIS, else redis://127.0.0.1:6379)',
  ] as const;
  queue
    .command('state', { isDefault: true })
    .description('show what waits, what is being graded, and how fast')
    .option(...redis)
    .option('--watch', 'again every two seconds, until the queue is empty')
    .allowExcessArguments()
    .action(async (options: QueueStateOptions, { args: [word] }: Command) => {
      const known = queue.commands.map((command) => command.name());
      if (word !== undefined) queue.error(`error: unknown command '${word}'${didYouMean(word, known)}`);
      exitWith(await (await queueCommands()).runQueueState(options));
    });
  queue
    .command('work')
    .description('grade what is in the queue, until this is ended')
    .option(...redis)
    .option('--jobs <number>', 'how many at a time (default: as many as there are cores)', positive)
    .option(
      '--stalled <seconds>',
      'after so long without a sign of life a submission is given to another worker (default 30)',
      positive,
    )
    .option('--unsafe', 'grade without a sandbox where none can be had: results are marked untrusted')
    .action(async (options: QueueWorkOptions) => exitWith(await (await queueCommands()).runQueueWork(options)));
  queue
    .command('add')
    .description('hand a folder of submissions to the queue, and write their results as they come')
    .argument('<folder>', 'one folder or archive a student, or one archive of the whole class, as for grade')
    .option(...redis)
    .option('--roster <file>', 'whoever is on it gets a row, as for grade')
    .option('--out <folder>', 'where results go (default: build/grades)')
    .option('--only <start...>', 'only assignments whose name begins so, for example 02')
    .option('--priority <number>', '1 comes first', positive)
    .option('--timeout <seconds>', 'time limit of each exercise, in place of its own', positive)
    .option('--cell-timeout <seconds>', 'time limit of a cell (default 30)', positive)
    .option('--submission-timeout <seconds>', 'time limit of a whole submission (default 600)', positive)
    .action(async (folder: string, options: QueueAddOptions) =>
      exitWith(await (await queueCommands()).runQueueAdd(folder, options)),
    );
  program
    .command('lab')
    .description('open JupyterLab on your copy of the course, work/')
    .option('--teacher', 'open the course itself instead: exercises with answers, and the menus of nbgrader')
    .option('--folder <path>', 'where the copy lies, below the project (default: work)')
    .option('--chapter <start>', 'open the chapter whose name begins so, for example 03')
    .option('--no-open', 'only put into the copy what is missing there')
    .allowUnknownOption()
    .argument('[arguments...]', 'passed on to JupyterLab')
    .action(async (args: string[], options: LabCommandOptions) =>
      exitWith(await (await import('./lab-command.js')).runLab(args, options)),
    );
  await program.parseAsync([...argv]);
}

const queueCommands = async (): Promise<typeof import('./queue-command')> => import('./queue-command.js');

function sandboxKind(text: string): 'bubblewrap' {
  if (text !== 'bubblewrap') throw new InvalidArgumentError('expected bubblewrap');
  return text;
}

function exitWith(status: number): void {
  process.exitCode = status;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected a whole number of at least 1');
  return value;
}

function kernelName(text: string): string {
  if (text !== 'tslab' && text !== 'tslab-plain') throw new InvalidArgumentError('expected tslab or tslab-plain');
  return text;
}
