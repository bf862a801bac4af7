// TensorFlow's C library and tfjs-node's addon. Both lie in .native/<hash of pins>/ in the layout that tfjs-node
// expects of itself, and are linked from node_modules.
// The addon is compiled on this machine against the library of TensorFlow's Python wheel; where there is no compiler,
// tfjs-node's own, older build is downloaded.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { downloadOfficialBuild } from './official-build.mjs';
import { inRoot, nodeShim, tfjsNode } from './paths.mjs';
import { Problem } from './problem.mjs';
import { compilerOrNone } from './requirements.mjs';
import { run } from './run.mjs';
import { hashOf, readStamp, removeStamp, writeStamp } from './stamps.mjs';
import { linkerOptions, unpackLibrary, wheelPins } from './wheel.mjs';

function version(name) {
  const file = inRoot('node_modules', name, 'package.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')).version;
  } catch (error) {
    throw new Problem(
      `${file} can't be read: ${error.message}`,
      'rm -rf node_modules, then run the same command again',
    );
  }
}

const aroundTensorFlow = inRoot('src', 'setup', 'around-tensorflow.cc');
const compiledFolder = () => {
  const versions = [...wheelPins(), version('@tensorflow/tfjs-node'), version('node-api-headers'), 5];
  return inRoot('.native', hashOf(JSON.stringify([...versions, readFileSync(aroundTensorFlow, 'utf8')])).slice(0, 16));
};
const officialFolder = () => inRoot('.native', `official-${version('@tensorflow/tfjs-node')}`);
const hasAddon = (folder) => existsSync(path.join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'));

/** Whether tfjs-node's own build is in use, for want of a compiler. */
export const isOfficialBuild = () => !hasAddon(compiledFolder()) && hasAddon(officialFolder());

/** The folder that holds the library and the addon for the pins in force. */
export const nativeFolder = () => (isOfficialBuild() ? officialFolder() : compiledFolder());

/** The official build will do only as long as there is no compiler. */
export const libraryIsBuilt = () => hasAddon(nativeFolder()) && !(isOfficialBuild() && compilerOrNone());

/**
 * Downloads, unpacks and compiles into a folder aside, which gets its name when all is there and older ones are
 * removed.
 */
export async function buildLibrary(detail) {
  const compiler = compilerOrNone();
  const target = compiler ? compiledFolder() : officialFolder();
  const aside = inRoot('.native', 'aside');
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  try {
    if (compiler) await compileHere(compiler, aside, detail);
    else await downloadOfficialBuild(aside, detail);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    throw error;
  }
  for (const name of readdirSync(inRoot('.native')))
    if (name !== path.basename(aside)) rmSync(inRoot('.native', name), { recursive: true, force: true });
  renameSync(aside, target);
}

async function compileHere(compiler, aside, detail) {
  await unpackLibrary(aside, detail);
  detail('compiling the addon');
  await compileAddon(compiler.command, aside);
  const around = ['-O2', '-DNODE_GYP_MODULE_NAME=around_tensorflow', aroundTensorFlow];
  await compileModule(compiler.command, around, path.join(aside, 'lib', 'napi-v8', 'around_tensorflow.node'));
}

function compileAddon(compiler, aside) {
  const out = path.join(aside, 'lib', 'napi-v8');
  mkdirSync(out, { recursive: true });
  // tfjs-node ships its sources with includes relative to its own folder.
  cpSync(path.join(tfjsNode, 'binding'), path.join(aside, 'binding'), { recursive: true });
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => path.join(aside, 'binding', name));
  return compile(
    compiler,
    aside,
    ['-O2', '-DBUILDING_NODE_EXTENSION', `-I${aside}`, ...sources],
    path.join(out, 'tfjs_binding.node'),
  );
}

/** Compiles a Node addon against the library that lies in `folder`. */
export const compile = (compiler, folder, options, out) =>
  compileModule(
    compiler,
    [
      process.platform === 'darwin' ? '-Wl,-rpath,@loader_path/../../deps/lib' : '-Wl,-rpath,$ORIGIN/../../deps/lib',
      `-I${path.join(folder, 'deps', 'include')}`,
      ...options,
      `-L${path.join(folder, 'deps', 'lib')}`,
      ...linkerOptions(folder),
    ],
    out,
  );

/** Compiles a Node addon. */
function compileModule(compiler, options, out) {
  const kind = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
  const headers = `-I${inRoot('node_modules', 'node-api-headers', 'include')}`;
  return run(compiler, [...kind, '-fPIC', '-std=c++17', '-DNAPI_VERSION=8', headers, ...options, '-o', out]);
}

const LINKS = ['deps', 'lib'];
const linkStamp = path.join(tfjsNode, '.layerwise-linked');

/** True when node_modules points at the library in force, and it was loaded from there. */
export function addonIsLinked() {
  if (readStamp(linkStamp) !== path.basename(nativeFolder())) return false;
  return LINKS.every((name) => {
    try {
      return realpathSync(path.join(tfjsNode, name)) === realpathSync(path.join(nativeFolder(), name));
    } catch {
      return false;
    }
  });
}

/** Links library and addon into node_modules and loads them once. */
export async function linkAddon() {
  removeStamp(linkStamp);
  for (const name of LINKS) {
    const link = path.join(tfjsNode, name);
    rmSync(link, { recursive: true, force: true });
    symlinkSync(path.relative(path.dirname(link), path.join(nativeFolder(), name)), link);
  }
  await run(
    process.execPath,
    ['--require', nodeShim, '-e', "require('@tensorflow/tfjs-node').tensor([1, 2]).sum().dataSync()"],
    { name: 'loading TensorFlow' },
  );
  writeStamp(linkStamp, path.basename(nativeFolder()));
}
