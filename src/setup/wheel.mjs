// TensorFlow's C library and headers, taken from its Python wheel.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { venvPython } from './paths.mjs';
import { Problem } from './problem.mjs';
import { run } from './run.mjs';
import { pip } from './settings.mjs';

// The C library doesn't depend on Python: one wheel serves every Python version.
const WHEELS = {
  'linux-x64': {
    requirement: 'tensorflow-cpu==2.21.0',
    hashes: ['2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c'],
    platform: 'manylinux_2_27_x86_64',
    bytes: 273_829_956,
  },
  // Written for, not tested: the hashes are those of every wheel of this version.
  'linux-arm64': {
    requirement: 'tensorflow==2.21.0',
    hashes: allHashes(),
    platform: 'manylinux_2_27_aarch64',
    bytes: 270_000_000,
  },
  'darwin-arm64': {
    requirement: 'tensorflow==2.21.0',
    hashes: allHashes(),
    platform: 'macosx_12_0_arm64',
    bytes: 220_000_000,
  },
};

function allHashes() {
  return [
    '0064a19bdc054a4b7c5e7e21cdf50ce38a114c2bada578b4f5267a37410f6784',
    '27ba0682572b1e50a0db1ee74cfb787eafcfdb1b751bbbf401fed62fe32a92e0',
    '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
    '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
    '56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712',
    '6462632889e0e9ce1455b208c87b86a8c154e899407ef7d426ef1ec71647f565',
    '76cccbe0a95d9392dee1ae501ae0656b6c73c1cac29a7f8f32d570e0670863f7',
    '77c6f298e695ea1d283cdd7d30f8d97530cc6e92c1395a9ddbab9771c99233a4',
    '7c97938b25cf70c80ae8619931f85abcdee2ab2eb256c2051202edb3b89e9a5d',
    '8ee4d30fca0249c441bf65e63994df848dc63c80730bd494a9aa9ce5e3f0dee5',
    '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
    'a10abdfb8b1189210c251021a3f153b7ccc52a8e6521351f3dc3331e8ba593e0',
    'a145ed46c58192b7c3f9916d070caf4f6afc6dc7e5511f83dd97677f4c4947f4',
    'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
    'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
    'e9d8da8dcab9650efb45f032ba70af2f016f907e6e0c6bda29dd101bba945406',
  ];
}

// What the addon's source files and our own operations include, and nothing else of the 5,000 headers.
const HEADERS = [
  'tensorflow/c/',
  'tensorflow/core/platform/ctstring',
  'tsl/platform/ctstring',
  'tsl/platform/platform.h',
  'tensorflow/core/common_runtime/next_pluggable_device/c/',
  'xla/tsl/c/',
];
const LIBRARIES =
  process.platform === 'darwin'
    ? ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib']
    : ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const LINK_NAMES =
  process.platform === 'darwin'
    ? ['libtensorflow.2.dylib', undefined]
    : ['libtensorflow.so', 'libtensorflow_framework.so'];

/** What the linker needs to be told to use the library that lies in `folder`/deps/lib. */
export const linkerOptions = (folder) =>
  process.platform === 'darwin'
    ? LINK_NAMES.concat(LIBRARIES)
        .filter(Boolean)
        .map((name) => path.join(folder, 'deps', 'lib', name))
    : ['-ltensorflow', '-ltensorflow_framework'];

const EXTRACT = `
import sys, zipfile
wheel, target, libraries, headers = sys.argv[1], sys.argv[2], sys.argv[3].split(','), sys.argv[4].split(',')
wanted = ['tensorflow/' + l for l in libraries], tuple('tensorflow/include/' + h for h in headers)
with zipfile.ZipFile(wheel) as archive:
    names = [n for n in archive.namelist() if n in wanted[0] or (n.startswith(wanted[1]) and n.endswith('.h'))]
    missing = [l for l in wanted[0] if l not in names]
    if missing: sys.exit('the wheel lacks ' + ', '.join(missing))
    for i, name in enumerate(names):
        print(f'unpacking {i + 1} of {len(names)}', flush=True)
        archive.extract(name, target)
`;

function wheel() {
  const system = `${process.platform}-${process.arch}`;
  const found = WHEELS[system];
  if (!found) {
    throw new Problem(
      `there is no TensorFlow library for ${system}`,
      `use one of: ${Object.keys(WHEELS).join(', ')}; on Windows, use the Windows Subsystem for Linux (WSL)`,
    );
  }
  return found;
}

/** What is used of which wheel. */
export const wheelPins = () => [wheel(), HEADERS];

/** Downloads the wheel into `aside`, checks it against its hash and puts what is needed of it into `aside`/deps. */
export async function unpackLibrary(aside, detail) {
  const lib = path.join(aside, 'deps', 'lib');
  mkdirSync(lib, { recursive: true });
  await unpackWheel(await downloadWheel(aside, detail), aside, detail);
  LIBRARIES.forEach((name, i) => {
    renameSync(path.join(aside, 'wheel', 'tensorflow', name), path.join(lib, name));
    if (LINK_NAMES[i]) symlinkSync(name, path.join(lib, LINK_NAMES[i]));
  });
  renameSync(path.join(aside, 'wheel', 'tensorflow', 'include'), path.join(aside, 'deps', 'include'));
  rmSync(path.join(aside, 'wheel'), { recursive: true });
  rmSync(path.join(aside, 'download'), { recursive: true });
}

async function downloadWheel(aside, detail) {
  const { requirement, hashes, platform, bytes } = wheel();
  const folder = path.join(aside, 'download');
  mkdirSync(folder);
  const requirements = path.join(folder, 'requirements.txt');
  writeFileSync(requirements, `${requirement} ${hashes.map((hash) => `--hash=sha256:${hash}`).join(' ')}\n`);
  const timer = setInterval(
    () => detail(`downloading ${(folderBytes(folder) / 1e6).toFixed(0)} of ${(bytes / 1e6).toFixed(0)} MB`),
    300,
  );
  try {
    await pip(
      venvPython,
      [
        'download',
        '--verbose',
        '--no-deps',
        '--only-binary=:all:',
        '--python-version',
        '3.11',
        '--platform',
        platform,
        '--require-hashes',
        '--no-cache-dir',
        '-r',
        requirements,
        '-d',
        folder,
      ],
      { env: { TMPDIR: folder } },
    );
  } finally {
    clearInterval(timer);
  }
  const name = readdirSync(folder).find((file) => file.endsWith('.whl'));
  if (!name)
    throw new Problem(
      `pip downloaded no wheel for ${requirement}`,
      'run the same command again; build/setup.log says what pip did',
    );
  return path.join(folder, name);
}

/** Bytes of all files below a folder that others write to meanwhile. */
export function folderBytes(folder) {
  try {
    return readdirSync(folder, { recursive: true }).reduce(
      (sum, name) => sum + (statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  } catch {
    return 0;
  }
}

function unpackWheel(file, aside, detail) {
  return run(venvPython, ['-c', EXTRACT, file, path.join(aside, 'wheel'), LIBRARIES.join(','), HEADERS.join(',')], {
    name: 'unpacking',
    onLine: detail,
  });
}
