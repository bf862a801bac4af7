import { stemOf } from './names';

/** Whose something is, as its name says. */
export interface Owner {
  readonly name: string;
  /** The number that a learning platform gives the hand-in or the student: it tells two of one name apart. */
  readonly number?: string;
  /** The file's own name, where the platform put its own words before it; empty for a folder. */
  readonly file?: string;
}

/** Moodle: "Name_12345_assignsubmission_file_", with the file's name behind where it makes no folders. */
const MOODLE = /^(.+)_(\d+)_assignsubmission_(?:file|onlinetext)(?:_(.*))?$/is;
/** Canvas: "lastfirst_123_456_name.ipynb", "lastfirst_LATE_123_456_name.ipynb". */
const CANVAS = /^([^_]+)_(?:LATE_)?(\d+)_(\d+)_(.+)$/is;

/** A student's name as text that compares equal however it was typed or stored. */
export const studentName = (name: string): string => name.normalize('NFC').trim();

/** The owner that a learning platform's download names; undefined for other names. */
export function platformOwner(name: string): Owner | undefined {
  const moodle = MOODLE.exec(name);
  if (moodle) return { name: studentName(moodle[1]), number: moodle[2], file: moodle[3] ?? '' };
  const canvas = CANVAS.exec(name);
  return canvas ? { name: studentName(canvas[1]), number: canvas[2], file: canvas[4] } : undefined;
}

/** Whose a folder or an archive is. */
export const ownerOf = (name: string, isArchive: boolean): Owner =>
  platformOwner(name) ?? { name: studentName(isArchive ? stemOf(name) : name) };
