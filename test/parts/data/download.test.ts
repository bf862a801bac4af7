import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { downloadFile, type DataFile, type DataSet } from '../../../src/parts/data';

const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 256));
const packed = gzipSync(content);
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const handlers: Record<string, Handler> = {
  '/good': (_, response) => response.end(packed),
  '/again': (_, response) => response.end(gzipSync(content, { level: 1 })),
  '/missing': (_, response) => response.writeHead(404).end('no'),
  '/wrong': (_, response) => response.end(Buffer.alloc(packed.length, 1)),
  '/more': (_, response) => response.end(Buffer.concat([packed, Buffer.alloc(content.length)])),
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-length': packed.length });
    response.write(packed.subarray(0, 1000), () => response.destroy());
  },
  '/short': (_, response) => response.end(packed.subarray(0, 1000)),
  '/lies-long': (_, response) => {
    response.writeHead(200, { 'content-length': packed.length + 5000 });
    response.write(packed, () => response.destroy());
  },
  '/lies-short': (_, response) => {
    response.strictContentLength = false;
    response.writeHead(200, { 'content-length': 1000 });
    response.end(packed);
  },
  '/stalls': (_, response) => {
    response.writeHead(200);
    response.write(packed.subarray(0, 1000));
  },
  '/silent': () => undefined,
  '/redirect': (_, response) => response.writeHead(302, { location: '/good' }).end(),
  '/loop': (_, response) => response.writeHead(302, { location: '/loop' }).end(),
};

let server: Server;
let base = '';
beforeAll(async () => {
  server = createServer((request, response) => handlers[request.url ?? '']?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const setWith = (...paths: string[]): { set: DataSet; file: DataFile } => {
  const file: DataFile = {
    path: 'set/file.bin',
    sha256: sha256(content),
    bytes: content.length,
    variants: [
      {
        suffix: '.gz',
        sha256: sha256(packed),
        bytes: packed.length,
        addresses: paths.map((name) => base + name),
        verified: false,
      },
    ],
  };
  return {
    file,
    set: {
      name: 'set',
      title: 'A set',
      license: 'MIT',
      citation: 'nobody',
      homepage: 'https://example.org/',
      embedded: false,
      files: [file],
    },
  };
};

/** Only what never comes is waited for in vain: a busy machine decides nothing. */
const timesFor = (name: string): { connectTimeout: number; stallTimeout: number; onProgress: () => void } => ({
  connectTimeout: name === '/silent' ? 400 : 60_000,
  stallTimeout: name === '/stalls' ? 400 : 60_000,
  onProgress: () => undefined,
});
const fetchFrom = async (...paths: string[]): Promise<{ folder: string; result: Promise<string> }> => {
  const { set, file } = setWith(...paths);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-download-'));
  return { folder, result: downloadFile(set, file, folder, timesFor(paths[0])) };
};

describe('downloadFile', () => {
  it('keeps what is right, under its name', async () => {
    const { folder, result } = await fetchFrom('/good');
    expect(await result).toBe(path.join(folder, 'set', 'file.bin.gz'));
    expect(readFileSync(await result).equals(packed)).toBe(true);
    expect(readdirSync(path.join(folder, 'set'))).toEqual(['file.bin.gz']);
  });

  it('follows redirects', async () => {
    await expect((await fetchFrom('/redirect')).result).resolves.toMatch(/file\.bin\.gz$/);
  });

  it('accepts a file that was compressed anew, since its content is what is trusted', async () => {
    await expect((await fetchFrom('/again')).result).resolves.toMatch(/file\.bin\.gz$/);
  });

  it('tries the addresses in order until one is right', async () => {
    await expect((await fetchFrom('/missing', '/wrong', '/cut', '/good')).result).resolves.toMatch(/file\.bin\.gz$/);
  });

  it.each([
    ['/missing', 'the server answered 404 Not Found'],
    ['/wrong', 'its content is not set/file.bin'],
    ['/more', `expected ${packed.length} bytes, got more than ${content.length}`],
    ['/cut', 'terminated'],
    ['/short', `expected ${packed.length} bytes, got 1000`],
    ['/lies-long', 'terminated'],
    ['/lies-short', `expected ${packed.length} bytes, got 1000`],
    ['/stalls', `nothing came for 0.4 s, after 1000 of ${packed.length} bytes`],
    ['/silent', 'no answer within 0.4 s'],
    ['/loop', 'redirect count exceeded'],
  ])('refuses %s, says why and how else, and leaves nothing behind', async (name, reason) => {
    const { folder, result } = await fetchFrom(name);
    const error: unknown = await result.catch((caught: unknown) => caught);
    expect(String(error)).toContain(`${base}${name}: `);
    expect(String(error)).toContain(reason);
    expect(String(error)).toContain(
      `put the file by hand into ${path.join(folder, 'set/file.bin')} (see https://example.org/)`,
    );
    expect(readdirSync(folder, { recursive: true }).filter((file) => String(file).includes('file.bin'))).toEqual([]);
  });

  it('lists each address with what went wrong, or says that none is known', async () => {
    await expect((await fetchFrom('/missing', '/wrong')).result).rejects.toThrow(
      new RegExp(
        `^set/file\\.bin: no address gave it:\n  ${base}/missing: .*\n  ${base}/wrong: .*\nCheck the network connection, or put`,
      ),
    );
    await expect((await fetchFrom()).result).rejects.toThrow(
      /^set\/file\.bin: no address is known for it; put the file by hand/,
    );
  });

  it('names the port where nobody listens', async () => {
    const { set, file } = setWith();
    const closed = { ...file, variants: [{ ...file.variants[0], addresses: ['http://127.0.0.1:1/x'] }] };
    await expect(downloadFile(set, closed, os.tmpdir(), timesFor(''))).rejects.toThrow(
      /http:\/\/127\.0\.0\.1:1\/x: fetch failed/,
    );
  });

  it('tells how far it is', async () => {
    const { set, file } = setWith('/good');
    const seen: number[] = [];
    await downloadFile(set, file, mkdtempSync(path.join(os.tmpdir(), 'layerwise-download-')), {
      onProgress: (received) => seen.push(received),
    });
    expect(seen.at(-1)).toBe(packed.length);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('takes a file of just the length that was tried, and not a byte more', async () => {
    const load = (name: string): Promise<string> => {
      const { set, file } = setWith(name);
      const tried = { ...file, variants: [{ ...file.variants[0], verified: true }] };
      return downloadFile(set, tried, mkdtempSync(path.join(os.tmpdir(), 'layerwise-download-')), timesFor(name));
    };
    await expect(load('/good')).resolves.toMatch(/file\.bin\.gz$/);
    await expect(load('/more')).rejects.toThrow(`expected ${packed.length} bytes, got more than ${packed.length}`);
  });
});

describe('downloadFile on a network of its own', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
  const get = (fetcher: () => Promise<Response>, whole = packed): Promise<string> => {
    vi.stubGlobal('fetch', fetcher);
    const { set, file } = setWith('/x');
    const variant = { ...file.variants[0], sha256: sha256(whole), bytes: whole.length, verified: true };
    const folder = mkdtempSync(path.join(os.tmpdir(), 'layerwise-download-'));
    return downloadFile(set, { ...file, variants: [variant] }, folder);
  };
  const failing = (thrown: unknown): Promise<string> =>
    get(async () => {
      throw thrown;
    });

  it('tells what went wrong, and what lay behind it', async () => {
    const next = '\nCheck the network connection';
    await expect(failing(new Error('no route'))).rejects.toThrow(`/x: no route${next}`);
    await expect(failing(new Error('no route', { cause: new Error('no cable') }))).rejects.toThrow(
      `/x: no route (no cable)${next}`,
    );
    const coded = Object.assign(new Error(''), { code: 'ECONNREFUSED' });
    await expect(failing(new Error('no route', { cause: coded }))).rejects.toThrow(
      `/x: no route (ECONNREFUSED)${next}`,
    );
    await expect(failing('just words')).rejects.toThrow(`/x: just words${next}`);
  });

  it('says on the console every two seconds how far it is', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    const log = vi.spyOn(console, 'log').mockReturnValue(undefined);
    const whole = Buffer.alloc(5_000_000);
    let sent = 0;
    const source: UnderlyingDefaultSource<Uint8Array<ArrayBuffer>> = {
      pull(controller) {
        if (sent === whole.length) return controller.close();
        vi.setSystemTime(Date.now() + 1000);
        controller.enqueue(new Uint8Array(500_000));
        sent += 500_000;
      },
    };
    // No piece is made before it is asked for.
    const body = new ReadableStream(source, { highWaterMark: 0 });
    await get(async () => new Response(body), whole);
    const lines = log.mock.calls.flat();
    log.mockRestore();
    // Half a megabyte a second, for ten seconds.
    expect(lines).toEqual(['1.0', '2.0', '3.0', '4.0', '5.0'].map((done) => `${base}/x: ${done} of 5.0 MB`));
  });
});
