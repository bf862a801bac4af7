// Writes length and SHA-256 of the embedded sets' files into data/registry.json: run it after a set was made anew.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const data = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const registry = JSON.parse(readFileSync(path.join(data, 'registry.json'), 'utf8'));
for (const { embedded, files } of registry.sets) {
  for (const file of embedded ? files : []) {
    const content = readFileSync(path.join(data, file.path));
    file.bytes = content.length;
    file.sha256 = createHash('sha256').update(content).digest('hex');
  }
}
writeFileSync(path.join(data, 'registry.json'), `${JSON.stringify(registry, undefined, 2)}\n`);
