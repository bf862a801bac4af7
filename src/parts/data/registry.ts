import { z } from 'zod';
import { files, joinPath } from '../files';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const variant = z.strictObject({
  /** What is added to the file's path in this variant, for example ".gz". */
  suffix: z.string(),
  sha256,
  bytes: z.int().positive(),
  addresses: z.array(z.url()),
  /** False where no one could try the addresses when the entry was made. */
  verified: z.boolean(),
});

const file = z.strictObject({
  path: z.string(),
  /** Of the decompressed content: this is what is trusted. */
  sha256,
  bytes: z.int().positive(),
  variants: z.array(variant),
});

const dataSet = z.strictObject({
  name: z.string(),
  title: z.string(),
  license: z.string(),
  citation: z.string(),
  homepage: z.url().optional(),
  embedded: z.boolean(),
  files: z.array(file).min(1),
});

const registry = z.strictObject({ sets: z.array(dataSet) });

/** A file of a data set: its path below a data folder, and what its decompressed content must be. */
export interface DataFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly variants: readonly DataVariant[];
}

/** A form in which a file is offered, as it is or compressed, and where. */
export interface DataVariant {
  readonly suffix: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly addresses: readonly string[];
  readonly verified: boolean;
}

/** What is known of a data set before any of it is read. */
export interface DataSet {
  readonly name: string;
  readonly title: string;
  readonly license: string;
  readonly citation: string;
  readonly homepage?: string;
  /** True where the set ships with the project. */
  readonly embedded: boolean;
  readonly files: readonly DataFile[];
}

let loaded: readonly DataSet[] | undefined;

/**
 * All data sets that the course knows, from `data/registry.json`: files, checksums, addresses, license, citation.
 *
 * @example
 * import { listDataSets } from 'layerwise/data';
 * listDataSets().filter((set) => set.embedded).map((set) => set.name);
 */
export function listDataSets(): readonly DataSet[] {
  loaded ??= parseRegistry(new TextDecoder().decode(files().read(joinPath(files().embedded, 'registry.json'))));
  return loaded;
}

/** Checks and types the registry's text. Throws an Error that names the wrong entry. */
export function parseRegistry(text: string): readonly DataSet[] {
  const result = registry.safeParse(JSON.parse(text));
  if (!result.success) throw new Error(`data/registry.json: ${z.prettifyError(result.error)}`);
  return result.data.sets;
}

/**
 * One data set of the registry.
 *
 * @throws RangeError where there is no set of that name; the message lists the names.
 */
export function describeDataSet(name: string): DataSet {
  const sets = listDataSets();
  const found = sets.find((set) => set.name === name);
  if (!found)
    throw new RangeError(`describeDataSet: expected one of ${sets.map((set) => set.name).join(', ')}, got "${name}"`);
  return found;
}
