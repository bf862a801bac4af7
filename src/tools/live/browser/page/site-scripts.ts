import type { LiveChapter } from '../../chapter';

/** What a shared cell begins with, in an address or a text. */
export const SHARED = '#shared=';

/** The editor of a cell. */
export interface CellEditor {
  focus(): void;
  close(): void;
  /** Marks a line, from 1. */
  mark(line: number | undefined): void;
}

export interface EditorOptions {
  readonly place: HTMLElement;
  readonly text: string;
  readonly label: string;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

export type MakeEditor = (options: EditorOptions) => CellEditor;

/** What loads scripts of the site; each is there once, whoever asks. */
export interface SiteScripts {
  /** The text of a pack, for the worker. */
  packText(name: string): Promise<string>;
  /** The cells of a chapter. */
  chapterNamed(name: string): Promise<LiveChapter>;
}
