import { didYouMean } from './did-you-mean';
import { cacheFolder, describeDataSet, findDataSets, listDataSets, readDataFile } from '../../parts/data';

/** `layerwise data`: lists the data sets, or downloads one; returns the exit status. */
export async function runData(options: { readonly download?: string }): Promise<number> {
  try {
    if (options.download !== undefined) await downloadSet(options.download);
    else listSets();
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

function listSets(): void {
  const { found } = findDataSets();
  for (const set of listDataSets()) {
    const place = set.embedded ? 'ships with the course' : found.includes(set.name) ? 'on this machine' : 'not here';
    console.log(`${set.name.padEnd(22)} ${place.padEnd(22)} ${set.title} (${set.license})`);
  }
  console.log(
    `\nDownloads are kept in ${cacheFolder()}; other folders: LAYERWISE_DATA. One set: ./layerwise data --download mnist`,
  );
}

async function downloadSet(name: string): Promise<void> {
  const known = listDataSets().map((set) => set.name);
  if (!known.includes(name))
    throw new Error(`data: there is no data set "${name}"${didYouMean(name, known)}; there are: ${known.join(', ')}`);
  for (const file of describeDataSet(name).files) {
    await readDataFile(name, file.path, { mayDownload: true });
    console.log(`${file.path}: here and checked`);
  }
}
