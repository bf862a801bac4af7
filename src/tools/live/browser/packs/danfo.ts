// danfo.js as a page has it: the package itself, which reads the tables that the page was packed with.
import * as danfo from 'danfojs-node';
import { parse, type ParseOptions } from 'papaparse';
import type { Pack } from '../worker/door';

interface CsvOptions extends ParseOptions {
  readonly frameConfig?: ConstructorParameters<typeof danfo.DataFrame>[1];
}

export const install: Pack['install'] = (door) => {
  /** As the package does where it has files. */
  async function readCSV(file: string, { frameConfig = {}, ...options }: CsvOptions = {}): Promise<danfo.DataFrame> {
    const text = new TextDecoder().decode(door.read(file));
    const dynamicTyping = !frameConfig.dtypes?.includes('string');
    const { data } = parse(text, {
      header: true,
      dynamicTyping,
      skipEmptyLines: 'greedy',
      delimiter: ',',
      ...options,
    });
    return new danfo.DataFrame(data, frameConfig);
  }
  const missing = Object.fromEntries(
    ['readJSON', 'readExcel', 'streamCSV', 'streamJSON', 'toExcel'].map((name) => [
      name,
      async (): Promise<never> => {
        throw new Error(`${name} needs files of the machine: run it in the notebook, not in a page`);
      },
    ]),
  );
  door.addModule('danfojs-node', { ...danfo, ...missing, readCSV });
};
