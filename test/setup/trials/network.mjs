// No network: the registry and the index are a port on which nobody listens; and, where all is there already, no
// network device at all.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import {
  complaints,
  differences,
  environment,
  expectThat,
  newClone,
  newFolder,
  runIn,
  setUpIn,
  startSetUp,
  stepsDone,
  tree,
  without,
} from './place.mjs';

const SECONDS = 30;

const listening = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`)));

/** An address on this machine at which nobody answers. */
async function closedAddress() {
  const server = createServer();
  const address = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return address;
}

/** Where no registry, index or storage can be reached, and nothing is in a cache. */
const offline = (address) => ({
  HOME: newFolder('empty home'),
  npm_config_registry: `${address}/`,
  PIP_INDEX_URL: `${address}/simple`,
  PIP_CONFIG_FILE: '/dev/null',
  TFJS_NODE_CDN_STORAGE: `${address}/`,
  npm_config_tfjs_binding_binary_host_mirror: `${address}/`,
});

const CURE =
  'To mend it: check the network; behind a proxy, set HTTPS_PROXY; where there is a mirror, name it with npm config set registry ADDRESS and pip config set global.index-url ADDRESS; then run the same command again: what is done is kept';

export async function noNetwork(clone, fresh, report) {
  const address = await closedAddress();
  const refused = (title, who, { status, output, seconds }) => {
    const isFine =
      status === 1 &&
      output.includes(`Set-up stopped: ${who} could not reach ${address}/`) &&
      /Connection refused|ECONNREFUSED/.test(output) &&
      output.includes(CURE);
    report(`no network: ${title}`, expectThat(isFine, output), `told after ${seconds.toFixed(0)} s`);
  };
  const env = offline(address);
  refused('npm packages', 'npm', setUpIn(newClone('fresh'), env, SECONDS));
  await without(clone, '.venv', () => refused('Python packages', 'pip', setUpIn(clone, env, SECONDS)));
  await without(clone, '.native', () => refused("TensorFlow's library", 'pip', setUpIn(clone, env, SECONDS)));

  for (const file of ['package-lock.json', 'requirements.txt']) {
    const content = readFileSync(path.join(clone, file));
    appendFileSync(
      path.join(clone, file),
      file.endsWith('.txt') ? `six==1.16.0 --hash=sha256:${'0'.repeat(64)}\n` : '\n',
    );
    const { status, output } = setUpIn(clone, env, SECONDS);
    writeFileSync(path.join(clone, file), content);
    const again = setUpIn(clone, env, SECONDS);
    report(`no network: an update of ${file} fails, and what was there can still be used`, [
      ...expectThat(status === 1, output),
      ...expectThat(again.output === '', again.output),
      ...complaints(clone),
      ...differences(fresh, tree(clone)),
    ]);
  }

  const unplugged = (...args) =>
    runIn(clone, 'bwrap', ['--dev-bind', '/', '/', '--unshare-net', 'node', ...args], {
      ...env,
      PYTHONDONTWRITEBYTECODE: '1',
    });
  const again = unplugged('src/setup/index.cjs');
  const chapter = unplugged('src/bin/layerwise.mjs', 'book', '--only', '00');
  // What the chapter made is no part of set-up.
  for (const name of readdirSync(path.join(clone, 'build')))
    if (!fresh.has(`build/${name}`)) rmSync(path.join(clone, 'build', name), { recursive: true });
  report(
    'everything there: set-up and a chapter run without a network',
    [...expectThat(again.output === '', again.output), ...expectThat(chapter.status === 0, chapter.output)],
    `chapter 00 in ${chapter.seconds.toFixed(0)} s`,
  );
}

/** A folder with the programs that set-up uses, and no compiler. */
function pathWithoutCompiler() {
  const bin = newFolder('programs');
  const folders = environment().PATH.split(path.delimiter);
  for (const folder of folders.filter((name) => existsSync(name))) {
    for (const name of readdirSync(folder)) {
      if (!/^(.*-)?(g\+\+|c\+\+|gcc|cc|clang|clang\+\+)(-\d+)?$/.test(name) && !existsSync(path.join(bin, name)))
        symlinkSync(path.join(folder, name), path.join(bin, name));
    }
  }
  return bin;
}

/** What tfjs-node's makers serve, made of what is here: an addon and a library that work together. */
function officialFiles(clone) {
  const [built] = readdirSync(path.join(clone, '.native'));
  const folder = newFolder('official');
  const native = path.join(clone, '.native', built);
  const tar = (name, ...args) => spawnSync('tar', ['-I', 'gzip -1', '-cf', path.join(folder, name), ...args]);
  tar(
    'library.tar.gz',
    '-C',
    path.join(native, 'deps'),
    '--transform',
    's,libtensorflow\\.so$,libtensorflow.so.2.9.1,',
    'lib',
    'include',
  );
  tar('addon.tar.gz', '-C', path.join(native, 'lib'), 'napi-v8');
  return folder;
}

export async function noCompiler(clone, fresh, report) {
  const PATH = pathWithoutCompiler();
  const tried = { PATH, ...offline(await closedAddress()) };
  const files = officialFiles(clone);
  await without(clone, '.native', async () => {
    const { status, output, seconds } = setUpIn(clone, tried, SECONDS);
    const isFine =
      status === 1 &&
      /^Note: no C\+\+ compiler was found \(tried: g\+\+, c\+\+, clang\+\+\)/m.test(output) &&
      /Set-up stopped: no C\+\+ compiler was found .* and the official build, tried in its place, could not be had\.\ntfjs-node's own download could not reach http:\/\/127\.0\.0\.1:\d+\/tensorflow\/libtensorflow\/libtensorflow-cpu-linux-x86_64-2\.9\.1\.tar\.gz: connect ECONNREFUSED/.test(
        output,
      ) &&
      /To mend it: .*apt-get install -y g\+\+, then run/.test(output);
    report(
      'no compiler, and no way to the official build',
      expectThat(isFine, output),
      `told after ${seconds.toFixed(0)} s`,
    );

    const asked = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.end(
        readFileSync(path.join(files, request.url.includes('libtensorflow') ? 'library.tar.gz' : 'addon.tar.gz')),
      );
    });
    const address = await listening(server);
    const env = { ...tried, TFJS_NODE_CDN_STORAGE: `${address}/`, npm_config_tfjs_binding_binary_host_mirror: address };
    const done = await startSetUp(clone, env).ended;
    server.close();
    const [warning, ...others] = complaints(clone, { PATH });
    report(
      'no compiler: the official build, from a server',
      [
        ...expectThat(done.status === 0, done.output),
        ...expectThat(
          asked.length === 2 && others.length === 0 && /^\[WARN\] operations/.test(warning ?? ''),
          `${asked.join(' ')}\n${warning}\n${others.join('\n')}`,
        ),
      ],
      asked.join(', '),
    );
    const compiled = setUpIn(clone);
    report('a compiler is installed later: set-up compiles', [
      ...expectThat(stepsDone(compiled.output).join() === 'tensorflow,addon,operations', compiled.output),
      ...complaints(clone),
      ...differences(fresh, tree(clone)),
    ]);
  });

  const source = path.join(clone, 'src', 'parts', 'graph', 'operations', 'lstm.cc');
  const content = readFileSync(source);
  appendFileSync(source, '\n');
  const left = setUpIn(clone, { PATH });
  const complained = complaints(clone, { PATH });
  writeFileSync(source, content);
  const again = setUpIn(clone);
  report('an update of an operation where the compiler is gone: graphs do without', [
    ...expectThat(
      left.status === 0 && complained.length === 1 && /^\[WARN\] operations/.test(complained[0]),
      `${left.output}\n${complained.join('\n')}`,
    ),
    ...expectThat(again.status === 0, again.output),
    ...complaints(clone),
    ...differences(fresh, tree(clone)),
  ]);
}
