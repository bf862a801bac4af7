import path from 'node:path';
import ts from 'typescript';
import { compilerOptions } from '../notebook';
import type { CellFiles } from './cell-files';
import { editedPart } from './edited-parts';
import { keepPackages } from './kept-packages';

/**
 * What the language service asks: the cells' modules from memory, all else from the disk.
 *
 * @param cells the modules; the caller changes them, and says when files on the disk may have changed.
 */
export function createCompilerHost(root: string, cells: CellFiles): ts.LanguageServiceHost {
  const files = cells.texts;
  // Without this each program looks for packages that replace the compiler's own libraries.
  const options = { ...compilerOptions(root), libReplacement: false };
  const { sys } = ts;
  // The compiler asks the same of the packages' files before each cell; they don't change while a kernel runs.
  const inPackages = (file: string): boolean => file.includes('/node_modules/');
  const fileExists = remembered((file: string) => sys.fileExists(file), inPackages);
  const readFile = remembered((file: string) => sys.readFile(file), inPackages);
  const directoryExists = remembered((file: string) => sys.directoryExists(file), inPackages);
  const realpath = remembered((file: string) => sys.realpath?.(file) ?? file, inPackages);
  const version = remembered((file: string) => sys.getModifiedTime?.(file)?.getTime() ?? 0, inPackages);
  const snapshots = new Map<string, { version: string; snapshot: ts.IScriptSnapshot }>();
  const host: ts.LanguageServiceHost = {
    getCompilationSettings: () => options,
    getProjectVersion: () => String(cells.version),
    getScriptFileNames: () => [...files.keys()],
    getScriptVersion: (file) => String(files.get(file)?.version ?? version(file)),
    getScriptSnapshot: (file) => {
      const current = host.getScriptVersion(file);
      const known = snapshots.get(file);
      if (known?.version === current) return known.snapshot;
      const text = host.readFile(file);
      if (text === undefined) return undefined;
      const snapshot = ts.ScriptSnapshot.fromString(text);
      if (!files.has(file)) snapshots.set(file, { version: current, snapshot });
      return snapshot;
    },
    getCurrentDirectory: () => root,
    useCaseSensitiveFileNames: () => sys.useCaseSensitiveFileNames,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (file) => files.has(file) || fileExists(file),
    readFile: (file) => files.get(file)?.text ?? readFile(file),
    directoryExists,
    getDirectories: (folder) => sys.getDirectories(folder),
    readDirectory: (folder, extensions, exclude, include, depth) =>
      sys.readDirectory(folder, extensions, exclude, include, depth),
    realpath,
  };
  const cache = ts.createModuleResolutionCache(root, (name) => name, options);
  host.resolveModuleNameLiterals = (literals, file, redirect, settings) =>
    literals.map(({ text }) =>
      resolve(files, text, file, settings, host, inPackages(file) ? cache : undefined, redirect),
    );
  const typeCache = ts.createTypeReferenceDirectiveResolutionCache(
    root,
    (name) => name,
    options,
    cache.getPackageJsonInfoCache(),
  );
  const typeResolutions = new Map<string, ts.ResolvedTypeReferenceDirectiveWithFailedLookupLocations>();
  host.resolveTypeReferenceDirectiveReferences = (references, file, redirect, settings, containing) =>
    references.map((reference) => {
      const name = typeof reference === 'string' ? reference : reference.fileName;
      const mode =
        typeof reference === 'string'
          ? undefined
          : ts.getModeForFileReference(reference, containing?.impliedNodeFormat);
      const key = `${file}\0${name}\0${mode}`;
      const known = typeResolutions.get(key);
      if (known) return known;
      const found = ts.resolveTypeReferenceDirective(name, file, settings, host, redirect, typeCache, mode);
      typeResolutions.set(key, found);
      return found;
    });
  // Not in the public type: without it each program reads every package.json again.
  return Object.assign(host, { getModuleResolutionCache: () => cache, ...keepPackages(inPackages) });
}

function resolve(
  files: ReadonlyMap<string, unknown>,
  name: string,
  from: string,
  options: ts.CompilerOptions,
  host: ts.ModuleResolutionHost,
  cache?: ts.ModuleResolutionCache,
  redirect?: ts.ResolvedProjectReference,
): ts.ResolvedModuleWithFailedLookupLocations {
  const cell = path.join(path.dirname(from), `${name}.ts`);
  if (files.has(cell))
    return { resolvedModule: { resolvedFileName: cell, extension: ts.Extension.Ts, isExternalLibraryImport: false } };
  const edited = from.includes('/node_modules/') ? undefined : editedPart(name, host.getCurrentDirectory?.() ?? '');
  if (edited !== undefined)
    return { resolvedModule: { resolvedFileName: edited, extension: ts.Extension.Ts, isExternalLibraryImport: false } };
  return ts.resolveModuleName(name, from, options, host, cache, redirect);
}

/** Remembers the answers for those arguments that `keep` names. */
function remembered<T>(ask: (file: string) => T, keep: (file: string) => boolean): (file: string) => T {
  const answers = new Map<string, T>();
  return (file) => {
    const known = answers.get(file);
    if (known !== undefined || answers.has(file)) return known as T;
    const answer = ask(file);
    if (keep(file)) answers.set(file, answer);
    return answer;
  };
}
