import { randomBytes } from 'node:crypto';
import Module, { createRequire } from 'node:module';
import { output } from '../../parts/display';

/** What tslab's own package offers to cells: one content in one MIME type at a time. */
interface TslabDisplay {
  raw(type: string, content: string | Uint8Array): void;
  javascript(code: string): void;
  html(html: string): void;
  markdown(markdown: string): void;
  latex(latex: string): void;
  svg(svg: string): void;
  png(bytes: Uint8Array): void;
  jpeg(bytes: Uint8Array): void;
  gif(bytes: Uint8Array): void;
  pdf(bytes: Uint8Array): void;
  text(text: string): void;
}

/** @param id of the output that every call but the first replaces; without one each call makes a new output. */
function displayTo(id?: string): TslabDisplay {
  let isShown = false;
  const raw = (type: string, content: string | Uint8Array): void => {
    output({ [type]: content }, id === undefined ? {} : { id, update: isShown });
    isShown = true;
  };
  const as = (type: string) => (content: string | Uint8Array) => raw(type, content);
  return {
    raw,
    javascript: as('text/javascript'),
    html: as('text/html'),
    markdown: as('text/markdown'),
    latex: as('text/latex'),
    svg: as('image/svg+xml'),
    png: as('image/png'),
    jpeg: as('image/jpeg'),
    gif: as('image/gif'),
    pdf: as('application/pdf'),
    text: as('text/plain'),
  };
}

function versionOf(name: string): string {
  const description: unknown = createRequire(__filename)(`${name}/package.json`);
  return String(Reflect.get(Object(description), 'version'));
}

const api = {
  __esModule: true,
  display: displayTo(),
  newDisplay: (): TslabDisplay => displayTo(randomBytes(8).toString('hex')),
  get versions() {
    return { tslab: versionOf('tslab'), typescript: versionOf('typescript'), node: process.version };
  },
};

/**
 * Lets `import … from 'tslab'` find tslab's public API as this kernel offers it, in cells and in the files that they
 * import.
 * The package itself would bring its own kernel along, which isn't running.
 */
export function provideTslab(require: NodeJS.Require): void {
  let file: string;
  try {
    file = require.resolve('tslab');
  } catch {
    return; // Not installed where these cells run: the import says so.
  }
  const module = new Module(file);
  Object.assign(module, { filename: file, loaded: true, exports: api });
  require.cache[file] = module;
}
