import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { editedPart } from './edited-parts';
import { checkLoops } from './emit';
import { TensorInspection } from './inspection';

type Require = NodeJS.Require;

/**
 * Node loads an ES module only once, also when it was edited; so those that can be are compiled as the learner's
 * TypeScript is.
 */
function isEsModule(file: string): boolean {
  if (file.endsWith('.json')) return false;
  const text = readFileSync(file, 'utf8');
  return !text.includes('import.meta') && ts.isExternalModule(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022));
}

/**
 * What cells import: packages from the notebook's folder upwards, and the learner's own files; those in TypeScript, and
 * ES modules, are compiled here.
 * A file that was edited is loaded anew at the next import, with all project files that may depend on it.
 */
export class Modules {
  private readonly require: Require;
  private readonly loadedAt = new Map<string, number>();

  constructor(
    folder: string,
    private readonly root: string,
    private readonly onLoad: (loaded: NodeJS.Dict<NodeJS.Module>) => void = () => undefined,
  ) {
    this.require = createRequire(path.join(folder, 'notebook.js'));
    const extensions: Record<string, ((module: NodeJS.Module, file: string) => unknown) | undefined> = Reflect.get(
      this.require,
      'extensions',
    );
    extensions['.ts'] = (module, file) => this.load(module, file);
    for (const extension of ['.js', '.mjs', '.json']) {
      const load = extensions[extension] ?? extensions['.js'];
      extensions[extension] = (module, file) => {
        if (!this.isOwn(file)) return load?.(module, file);
        if (isEsModule(file)) return this.load(module, file);
        this.loadedAt.set(file, statSync(file).mtimeMs);
        return load?.(module, file);
      };
    }
  }

  /** Whether a file is the learner's: packages and the compiled form of ours stay as they were loaded. */
  private isOwn(file: string): boolean {
    return (
      !file.includes(`${path.sep}node_modules${path.sep}`) &&
      !file.startsWith(path.join(this.root, 'src', 'dist') + path.sep)
    );
  }

  private load(module: NodeJS.Module, file: string): void {
    const { outputText, sourceMapText = '' } = ts.transpileModule(readFileSync(file, 'utf8'), {
      // The compiler leaves a file of this ending an ES module.
      fileName: file.replace(/\.mjs$/, '.js'),
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.CommonJS,
        esModuleInterop: true,
        sourceMap: true,
        inlineSources: true,
      },
      transformers: { before: [checkLoops] },
    });
    const map = JSON.stringify({ ...(JSON.parse(sourceMapText) as object), sources: [pathToFileURL(file).href] });
    const code = outputText.replace(
      /(?<=\n\/\/# sourceMappingURL=).*\s*$/,
      `data:application/json;base64,${Buffer.from(map).toString('base64')}`,
    );
    this.loadedAt.set(file, statSync(file).mtimeMs);
    const compile: unknown = Reflect.get(module, '_compile');
    if (typeof compile === 'function') Reflect.apply(compile, module, [code, file]);
  }

  /** Forgets the project's files where one of them was edited since it was loaded. */
  refresh(): void {
    this.onLoad(this.require.cache);
    const edited = [...this.loadedAt].some(
      ([file, time]) => statSync(file, { throwIfNoEntry: false })?.mtimeMs !== time,
    );
    if (!edited) return;
    for (const file of this.loadedAt.keys()) Reflect.deleteProperty(this.require.cache, file);
    this.loadedAt.clear();
  }

  /** The `require` of cells. */
  get requireOfCells(): Require {
    const tensors = new TensorInspection(this.require);
    const load = (name: string): unknown => {
      const loaded: unknown = this.require(editedPart(name, this.root) ?? name);
      tensors.afterLoading();
      this.onLoad(this.require.cache);
      return loaded;
    };
    return Object.assign(load, {
      resolve: this.require.resolve,
      cache: this.require.cache,
      extensions: Reflect.get(this.require, 'extensions'),
      main: this.require.main,
    });
  }
}
