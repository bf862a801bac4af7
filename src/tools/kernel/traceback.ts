import { awaitPlaces } from './await-places';
import { excerpt } from './excerpt';
import { framesOf, lineOf, type Frame, type LibraryFrame, type OwnFrame, type Sources } from './frames';
import { cut, inspectSafely, isError, plainError } from './plain-error';
import type { ShownError } from './shown-error';

const RED = '\u001b[31m';
const DIM = '\u001b[2m';
const RESET = '\u001b[0m';
const MOST_ERRORS = 10;
const MOST_LIBRARIES = 3;

/**
 * A value that a cell threw. The learner's line comes first, with its code; then the calls, those in libraries folded
 * and those of the kernel left out;
 * then the errors that caused it or that it gathers.
 */
export function showThrown(thrown: unknown, sources: Sources): ShownError {
  if (!isError(thrown)) {
    const text = textOf(thrown);
    return { ename: 'Thrown', evalue: text, traceback: [`${RED}Thrown${RESET}: ${text}`] };
  }
  const { name, message } = plainError(thrown);
  return { ename: name, evalue: message, traceback: new Explanation(sources).linesOf(thrown, '') };
}

const textOf = (thrown: unknown): string => (typeof thrown === 'string' ? cut(thrown) : inspectSafely(thrown));

/** Tells of an error and those inside it; each error and each line once. */
class Explanation {
  private readonly told = new Set<unknown>();
  private readonly excerpts = new Set<string>();

  constructor(private readonly sources: Sources) {}

  linesOf(thrown: unknown, intro: string): string[] {
    if (!isError(thrown)) return [`${intro}${textOf(thrown)}`];
    if (this.told.has(thrown)) return [`${intro}an error that was shown above`];
    this.told.add(thrown);
    const error = plainError(thrown);
    const frames = framesOf(error, awaitPlaces(thrown), this.sources);
    const inner = error.inner.slice(0, Math.max(0, MOST_ERRORS - this.told.size));
    const more = error.inner.length - inner.length;
    const { startedBy } = this.sources;
    return [
      `${intro}${RED}${error.name}${RESET}: ${error.message}`,
      ...this.excerptOf(frames.find(({ kind }) => kind === 'cell') ?? frames.find(({ kind }) => kind === 'file')),
      ...folded(frames).flatMap(({ line, frame }) => [
        `${DIM}    ${line}${RESET}`,
        ...(frame?.kind === 'file' ? this.excerptOf(frame) : []),
      ]),
      ...(startedBy === undefined || intro !== '' || frames.some(({ kind }) => kind === 'cell')
        ? []
        : [`${DIM}    started by ${startedBy}${RESET}`]),
      ...inner.flatMap(({ role, value }) => this.linesOf(value, `${role}: `)),
      ...(more > 0 ? [`and ${more} more ${more === 1 ? 'error' : 'errors'}`] : []),
    ];
  }

  private excerptOf(frame: Frame | undefined): string[] {
    if (!frame || frame.kind === 'library' || frame.code === '' || this.excerpts.has(lineOf(frame))) return [];
    this.excerpts.add(lineOf(frame));
    return excerpt(frame.code, frame.line, frame.column);
  }
}

interface Line {
  readonly line: string;
  readonly frame?: OwnFrame;
}

/** A line for each call of the learner's code, however often it repeats, and one for those between them. */
function folded(frames: readonly Frame[]): Line[] {
  const lines: Line[] = [];
  for (let i = 0; i < frames.length;) {
    const [frame] = frames.slice(i);
    const isAlike =
      frame.kind === 'library'
        ? ({ kind }: Frame) => kind === 'library'
        : (other: Frame) => other.kind !== 'library' && other.where === frame.where;
    const end = frames.findIndex((other, at) => at > i && !isAlike(other));
    const alike = frames.slice(i, end < 0 ? frames.length : end);
    lines.push(
      frame.kind === 'library'
        ? { line: inLibraries(alike.filter((other) => other.kind === 'library')) }
        : {
            line: `at ${frame.name ? `${frame.name} ` : ''}${frame.where}${alike.length > 1 ? ` (${alike.length} times)` : ''}`,
            frame,
          },
    );
    i += alike.length;
  }
  return lines;
}

function inLibraries(frames: readonly LibraryFrame[]): string {
  const all = [...new Set(frames.map(({ library }) => library))];
  // Source maps name a package without its scope.
  const names = all.filter((name) => !all.some((other) => other.endsWith(`/${name}`)));
  const named = names.slice(0, MOST_LIBRARIES).join(', ') + (names.length > MOST_LIBRARIES ? ', …' : '');
  const where = frames[0].where === undefined ? '' : ` (${frames[0].where})`;
  return `… ${frames.length} ${frames.length === 1 ? 'frame' : 'frames'} in ${named}${where}`;
}
