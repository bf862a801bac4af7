import { listDataSets } from '../../parts/data';
import type { Experiment } from '../../parts/experiments';
import type { ResultRow } from '../../parts/experiments/results';
import { experimentsOf, type Place } from './place';
import { rowCode } from './row-code';
import { readRows } from './table';
import { versions } from './versions';

/** A row of a table, and why it is old. */
export interface RowState {
  readonly row: ResultRow;
  /** What makes it; undefined where nothing does any more. */
  readonly experiment: Experiment | undefined;
  /** Empty where the row is current. */
  readonly reasons: readonly string[];
}

/** The rows of a chapter, and the experiments that have none on any data. */
export function stateOf(place: Place): { rows: RowState[]; missing: string[] } {
  const experiments = experimentsOf(place);
  const rows = readRows(place).map((row): RowState => {
    const experiment = experiments.find(({ id }) => id === experimentId(row.id));
    return { row, experiment, reasons: reasonsOf(row, experiment, place.module) };
  });
  const made = new Set(rows.map(({ row }) => experimentId(row.id)));
  return { rows, missing: experiments.map(({ id }) => id).filter((id) => !made.has(id)) };
}

/** A row is called as its experiment, after the data and a slash where they depend on the machine. */
const experimentId = (rowId: string): string => rowId.slice(rowId.lastIndexOf('/') + 1);

/** What a row of this experiment is called here; undefined where this machine has not the data. */
export async function rowIdOf({ id, data }: Experiment): Promise<string | undefined> {
  if (!data) return id;
  const name = await data();
  return name === undefined ? undefined : `${name}/${id}`;
}

function reasonsOf(row: ResultRow, experiment: Experiment | undefined, module: string): string[] {
  if (!experiment) return ['no experiment is called so any more'];
  const { code, usesTensorFlow } = rowCode(experiment, module);
  const here = versions();
  return [
    ...(row.code === code ? [] : ['the code that it reaches has changed']),
    ...Object.entries(row.data)
      .filter(([file, sha256]) => checksumOf(file) !== sha256)
      .map(([file]) => `the data file ${file} has changed`),
    ...(usesTensorFlow ? ['tensorflow', 'library'] : [])
      .filter((name) => row.versions[name] !== here[name])
      .map((name) => `${name} was ${row.versions[name]} and is ${here[name]}`),
  ];
}

const checksumOf = (file: string): string | undefined =>
  listDataSets()
    .flatMap(({ files }) => files)
    .find(({ path }) => path === file)?.sha256;
