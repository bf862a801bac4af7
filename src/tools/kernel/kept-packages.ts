import type ts from 'typescript';

type CompilerHost = Pick<ts.CompilerHost, 'getSourceFileByPath'>;

/**
 * Methods of a language service's host by which it keeps the parsed files of packages from program to program, instead
 * of asking for each before every check whether it has changed.
 * They aren't in the public type; without them a check takes longer.
 *
 * @param inPackages whether a file, given by its path, stays as it is while the service lives.
 */
export function keepPackages(inPackages: (file: string) => boolean): {
  setCompilerHost: (host: CompilerHost) => void;
  onReleaseOldSourceFile: (file: { readonly resolvedPath: string }) => void;
} {
  const kept = new Map<string, ts.SourceFile>();
  return {
    setCompilerHost: (host) => {
      const ask = host.getSourceFileByPath;
      host.getSourceFileByPath = (name, path, ...rest) => {
        const known = kept.get(path);
        if (known) return known;
        const file = ask?.(name, path, ...rest);
        if (file && inPackages(name)) kept.set(path, file);
        return file;
      };
    },
    onReleaseOldSourceFile: ({ resolvedPath }) => kept.delete(resolvedPath),
  };
}
