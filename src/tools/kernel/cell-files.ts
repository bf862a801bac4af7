import path from 'node:path';
import { blankModule, indexFile, indexText, type CellModule } from '../notebook';

/** A text and how often the program's texts had changed when it was written. */
interface VersionedText {
  readonly text: string;
  readonly version: number;
}

const BLANK_CELLS = 64;
const CELL = /-cell-(\d+)\.ts$/;

/**
 * The modules of a session's cells as the files of one program. Cells that are still to come are there as blank
 * modules:
 * the compiler reuses a program whose files and imports stay the same, which halves the time of a check.
 */
export class CellFiles {
  /** Texts by path. */
  readonly texts = new Map<string, VersionedText>();
  private readonly modules = new Map<string, CellModule>();
  private count = 0;

  /** @param name of the notebook, as in the names of its modules. */
  constructor(
    private readonly folder: string,
    private readonly name: string,
  ) {}

  /** Grows with each change of a text. */
  get version(): number {
    return this.count;
  }

  /** Files that lie on the disk may have changed. */
  renew(): void {
    this.count++;
  }

  put(module: CellModule): void {
    if (!this.texts.has(module.file)) this.makeRoom(module.file);
    this.modules.set(module.file, module);
    this.write(module.file, module.text);
    this.writeIndex();
  }

  remove(file: string): void {
    if (!this.modules.delete(file)) return;
    this.write(file, blankModule(this.name));
    this.writeIndex();
  }

  /** Makes all modules blank. */
  clear(): void {
    for (const file of this.modules.keys()) this.write(file, blankModule(this.name));
    this.modules.clear();
    this.writeIndex();
  }

  /** The module in a file, as it was put there. */
  moduleIn(file: string): CellModule | undefined {
    return this.modules.get(file);
  }

  private makeRoom(file: string): void {
    const first = CELL.exec(file)?.[1];
    if (first === undefined) return;
    for (const known of this.texts.keys()) if (CELL.test(known) && !this.modules.has(known)) this.texts.delete(known);
    for (let i = 0; i < BLANK_CELLS; i++)
      this.write(path.join(this.folder, `__${this.name}-cell-${Number(first) + i}.ts`), blankModule(this.name));
  }

  private writeIndex(): void {
    const cells = [...this.texts.keys()].filter((file) => CELL.test(file));
    this.write(
      indexFile(this.folder, this.name),
      indexText(cells.map((file) => this.modules.get(file) ?? { file, declarations: [] })),
    );
  }

  private write(file: string, text: string): void {
    if (this.texts.get(file)?.text !== text) this.texts.set(file, { text, version: ++this.count });
  }
}
