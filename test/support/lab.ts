import { spawn } from 'node:child_process';
import { inRoot } from './root';

/** A JupyterLab that the course's own command has opened. */
export interface Lab {
  readonly address: string;
  /** What the command has printed so far. */
  readonly said: () => string;
  readonly stop: () => Promise<void>;
}

const SETTINGS = ['--no-browser', '--ip=127.0.0.1', '--port=0', '--IdentityProvider.token=test', '--allow-root'];

/**
 * Runs `layerwise lab` with arguments on a free port of the loopback address; the token is "test". Resolves when it
 * listens.
 */
export const openLab = (...args: string[]): Promise<Lab> =>
  start(process.execPath, [inRoot('src', 'bin', 'layerwise.mjs'), 'lab', ...args, ...SETTINGS]);

/** Runs JupyterLab likewise on the notebooks of a folder. */
export const openLabIn = (folder: string): Promise<Lab> =>
  start(inRoot('.venv', 'bin', 'jupyter'), ['lab', ...SETTINGS, `--ServerApp.root_dir=${folder}`]);

function start(program: string, args: readonly string[]): Promise<Lab> {
  const command = spawn(program, args, {
    cwd: inRoot(),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, PATH: `${inRoot('.venv', 'bin')}:${process.env.PATH}` },
  });
  let said = '';
  const end = (): void => {
    if (command.exitCode === null && command.pid !== undefined) process.kill(-command.pid, 'SIGTERM');
  };
  // Also where a test gives up before it listens.
  process.once('exit', end);
  const ended = new Promise<void>((resolve) => command.on('close', () => resolve()));
  const stop = async (): Promise<void> => {
    end();
    await ended;
    process.off('exit', end);
  };
  return new Promise((resolve, reject) => {
    for (const stream of [command.stdout, command.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const found = /http:\/\/127\.0\.0\.1:(\d+)\/lab(?:\/tree\/[\w.-]+)?\?token=/.exec(said);
        if (found) resolve({ address: `http://127.0.0.1:${found[1]}`, said: () => said, stop });
      });
    void ended.then(() => reject(new Error(`JupyterLab ended:\n${said}`)));
  });
}
