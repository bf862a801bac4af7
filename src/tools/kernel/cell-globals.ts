import Module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** What Node gives each file, for the cells of a notebook: `import.meta`, and the names that CommonJS has. */
export function globalsOfCells(require: NodeJS.Require): { meta: object; commonJs: Readonly<Record<string, unknown>> } {
  const [dirname = process.cwd()] = require.resolve.paths('./') ?? [];
  const filename = path.join(dirname, 'notebook.ts');
  const module = new Module(filename);
  return {
    meta: {
      dirname,
      filename,
      url: pathToFileURL(filename).href,
      resolve: (name: string) => (Module.isBuiltin(name) ? name : pathToFileURL(require.resolve(name)).href),
    },
    commonJs: { __dirname: dirname, __filename: filename, exports: module.exports, module, require },
  };
}
