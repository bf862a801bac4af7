import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as data from 'layerwise/data';
import * as random from 'layerwise/random';
import { nodeShim } from '../../src/setup/paths.mjs';
import { inRoot, root } from '../support/root';

const oneDraw: number = random.generator(1).uniform();

const manifest = z
  .object({ exports: z.record(z.string(), z.object({ types: z.string(), default: z.string() })) })
  .parse(JSON.parse(readFileSync(inRoot('src', 'package.json'), 'utf8')));
const publicParts = Object.keys(manifest.exports).map((name) => name.replace('./', ''));
const load = createRequire(import.meta.url);
const sourcesOf = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? sourcesOf(path.join(folder, entry.name))
      : entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts')
        ? [path.join(folder, entry.name)]
        : [],
  );
const foldersIn = (folder: string): string[] =>
  readdirSync(inRoot('src', folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${folder}/${entry.name}`);
/** The folders of sources: each part, each tool, the chapters together. */
const folders = [...foldersIn('parts'), ...foldersIn('tools'), 'course'];

describe('the public parts', () => {
  it('have exactly the names that are written down', async () => {
    const names = Object.fromEntries(
      publicParts.map((part) => [part, Object.keys(load(`layerwise/${part}`) as object).sort()]),
    );
    await expect(`${JSON.stringify(names, undefined, 2)}\n`).toMatchFileSnapshot('public-names.json');
  });

  it('come with their types', () => {
    expect(oneDraw).toBeLessThan(1);
    expect(data.loadIris satisfies () => data.TabularSet).toBeTypeOf('function');
  });

  it('are required and imported by plain Node', () => {
    // From 24 on tfjs-node computes nothing without it, and graph looks at TensorFlow.js when it is loaded.
    const shim = Number.parseInt(process.versions.node, 10) < 24 ? [] : ['--require', nodeShim];
    const script = `Promise.all(${JSON.stringify(publicParts)}.map(async (part) => { const a = require('layerwise/' + part), b = await import('layerwise/' + part); if (Object.keys(a).some((name) => a[name] !== b[name])) throw new Error(part); return Object.keys(a).length; })).then((counts) => console.log(counts.every((count) => count > 0)))`;
    expect(
      execFileSync(process.execPath, [...shim, '-e', script], {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim(),
    ).toBe('true');
  });

  it('have declarations that the TypeScript 5.0 of plain tslab reads without an error', () => {
    const old = createRequire(import.meta.url)('@tslab/typescript-for-tslab') as typeof ts;
    expect(old.version).toMatch(/^5\.0\./);
    const files = publicParts.map((part) => inRoot('src', 'dist', 'parts', part, 'index.d.ts'));
    const program = old.createProgram(files, {
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      target: old.ScriptTarget.ES2022,
      moduleResolution: old.ModuleResolutionKind.NodeJs,
      types: [],
    });
    const ours = program.getSourceFiles().filter((file) => file.fileName.includes('/src/dist/'));
    expect(ours.length).toBeGreaterThan(20);
    const problems = ours
      .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
      .map(
        (diagnostic) =>
          `${diagnostic.file?.fileName}: ${old.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`,
      );
    // Node's own types are written for newer compilers; only the names that our declarations use from them count.
    expect(
      problems.filter((problem) => !/Cannot find name '(Buffer|NodeJS)'|Cannot find namespace 'NodeJS'/.test(problem)),
    ).toEqual([]);
  });
});

describe('the examples in the docstrings', () => {
  const folder = inRoot('build', 'test', 'examples');
  const examples = publicParts.flatMap((part) => sourcesOf(inRoot('src', 'parts', part)).flatMap(examplesOf));

  it('are there for the functions that learners meet first', () => {
    expect(examples.length).toBeGreaterThanOrEqual(14);
  });

  it('type-check strictly and run', () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const files = examples.map(({ name, code }, i) => {
      const file = path.join(folder, `${i}-${name}.ts`);
      // A cell may await; a file of CommonJS may not.
      const [imports, body] = [/^import .*$/gm, /^(?!import ).*$/gm].map((line) => (code.match(line) ?? []).join('\n'));
      const isAsync = /\bawait\b/.test(code);
      writeFileSync(
        file,
        isAsync ? `${imports}\nexport const done = (async () => {\n${body}\n})();\n` : `${code}\nexport {};\n`,
      );
      return file;
    });
    const options: ts.CompilerOptions = {
      strict: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      moduleResolution: ts.ModuleResolutionKind.Node10,
      skipLibCheck: true,
      esModuleInterop: true,
      outDir: folder,
      types: ['node'],
    };
    const program = ts.createProgram(files, options);
    expect(
      ts
        .getPreEmitDiagnostics(program)
        .map(
          (diagnostic) =>
            `${diagnostic.file?.fileName}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`,
        ),
    ).toEqual([]);
    program.emit();
    const script = readdirSync(folder)
      .filter((name) => name.endsWith('.js'))
      .map((name) => `await require('./${name}').done;`)
      .join('');
    const shim = inRoot('src', 'setup', 'node-shim.cjs');
    execFileSync(process.execPath, ['--require', shim, '-e', `(async () => {${script}})()`], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  });
});

function examplesOf(file: string): { name: string; code: string }[] {
  const comments = readFileSync(file, 'utf8').match(/\/\*\*[\s\S]*?\*\//g) ?? [];
  return comments.flatMap((comment) => {
    const text = comment
      .slice(3, -2)
      .split('\n')
      .map((line) => line.replace(/^\s*\* ?/, ''))
      .join('\n');
    const code = /@example\n([\s\S]*)$/.exec(text)?.[1];
    return code === undefined ? [] : [{ name: path.basename(file, '.ts'), code }];
  });
}

describe('the map of src', () => {
  const imports = (file: string): string[] =>
    ts
      .preProcessFile(readFileSync(file, 'utf8'))
      .importedFiles.map(({ fileName }) => fileName)
      .filter((name) => name.startsWith('.'))
      .map((name) => path.resolve(path.dirname(file), name));
  const sources = folders.flatMap((folder) => sourcesOf(inRoot('src', folder)));
  const folderOf = (file: string): string | undefined =>
    folders.find((folder) => path.relative(inRoot('src'), file).startsWith(`${folder}/`));
  const resolved = (file: string): string =>
    [`${file}.ts`, path.join(file, 'index.ts'), file].find(
      (candidate) => existsSync(candidate) && candidate.endsWith('.ts'),
    ) ?? file;

  it('says which folder depends on which, as the imports do', () => {
    const table = [
      ...readFileSync(inRoot('src', 'README.md'), 'utf8').matchAll(/^\| `([\w-]+)` \|[^|]*\| ([^|]*) \|$/gm),
    ].map(([, name, cell]) => [name, [...cell.matchAll(/`([\w-]+)`/g)].map(([, other]) => other).sort()]);
    const actual = folders.map((folder) => {
      const used = sourcesOf(inRoot('src', folder))
        .flatMap(imports)
        .map((file) => folderOf(resolved(file)));
      return [
        path.basename(folder),
        [
          ...new Set(used.flatMap((name) => (name === undefined || name === folder ? [] : [path.basename(name)]))),
        ].sort(),
      ];
    });
    expect(Object.fromEntries(table.filter(([name]) => name !== 'setup'))).toEqual(Object.fromEntries(actual));
  });

  it('lets tools use chapters, chapters parts, and parts neither', () => {
    const upwards = sources.flatMap((file) => {
      const [from] = path.relative(inRoot('src'), file).split(path.sep);
      const allowed = { parts: ['parts'], course: ['course', 'parts'] }[from] ?? ['tools', 'parts'];
      return imports(file)
        .map((target) => path.relative(inRoot('src'), target).split(path.sep)[0])
        .filter((target) => !allowed.includes(target))
        .map((target) => `${path.relative(root, file)} imports from ${target}`);
    });
    expect(upwards).toEqual([]);
  });

  it('keeps the names of chapters out of parts and tools', () => {
    const names = readdirSync(inRoot('src', 'course'));
    const named = sources
      .filter((file) => folderOf(file) !== 'course')
      .flatMap((file) =>
        names
          .filter((name) =>
            new RegExp(`\\b${name}\\b`).test(readFileSync(file, 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, '')),
          )
          .map((name) => `${path.relative(root, file)}: ${name}`),
      );
    expect(named).toEqual([]);
  });

  it('gives hidden tests to the grader alone', () => {
    const dist = inRoot('src', 'dist');
    const built = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
    const withWords = (words: RegExp): string[] =>
      built.filter((name) => words.test(readFileSync(path.join(dist, name), 'utf8'))).sort();
    expect(withWords(/chapterModule\)\([^)]*'hidden'\)/)).toEqual(['tools/assignments/assignment.js']);
    expect(
      withWords(/require\("[^"]*\/hidden(?!-tests)[\w-]*"\)/).filter((name) => !/^course\/[\w-]+\/hidden/.test(name)),
    ).toEqual([]);
  });

  it('has no import cycles', () => {
    const edges = new Map(sources.map((file) => [file, imports(file).map(resolved)]));
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (file: string, trail: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(file)), file].map((name) => path.relative(root, name)).join(' → '));
        return;
      }
      state.set(file, 'open');
      for (const next of edges.get(file) ?? []) visit(next, [...trail, file]);
      state.set(file, 'done');
    };
    for (const file of sources) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('keeps files short', () => {
    const most = (file: string): number => (file.includes(`${path.sep}course${path.sep}`) ? 350 : 260);
    const long = sources.filter((file) => readFileSync(file, 'utf8').split('\n').length > most(file));
    expect(long).toEqual([]);
  });
});

describe('the README', () => {
  const text = readFileSync(inRoot('README.md'), 'utf8');

  it('names only scripts, commands and files that exist', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(inRoot('package.json'), 'utf8')));
    for (const [, script] of text.matchAll(/`npm run ([\w:-]+)/g)) expect(Object.keys(scripts)).toContain(script);
    expect(text).toContain('npm start');
    expect(text).toContain('npm test');
    const help = execFileSync(process.execPath, [inRoot('src', 'bin', 'layerwise.mjs'), '--help'], {
      encoding: 'utf8',
    });
    for (const [, command] of text.matchAll(/`\.\/layerwise ([a-z]+)/g))
      expect(help).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    for (const [, file] of text.matchAll(/\]\((?!http)([^)#]+)\)/g)) expect(existsSync(inRoot(file)), file).toBe(true);
  });
});
