import type { ClassEntry } from './class';
import type { Copy } from './copies';
import { assignmentNamed, kindOf, whyLeftOut } from './names';
import type { Owner } from './students';
import type { Node } from './tree';

/** A file that is no submission, and why. */
export interface LeftOut {
  readonly file: string;
  readonly why: string;
}

/** A notebook, or something that stands in its place and can't be graded. */
export interface HandIn extends Copy {
  readonly owner: Owner;
  /** The file's own name. */
  readonly name: string;
  /** Why it can't be graded whatever it holds: it is no notebook. */
  readonly refused?: string;
}

export interface Collected {
  readonly handIns: readonly HandIn[];
  readonly leftOut: readonly (LeftOut & { readonly owner?: Owner })[];
}

const MOST_DEPTH = 8;
const LOOSE = "it lies in no student's folder: put it into a folder with the student's name";

/**
 * All that lies in a class. Nothing is passed over: each file is handed in or left out with a reason, an empty folder
 * too.
 */
export async function collect(entries: readonly ClassEntry[], assignments: readonly string[]): Promise<Collected> {
  const walk = new Walk(assignments);
  for (const { node, owner } of entries) {
    if (!owner)
      walk.leave(
        node,
        kindOf(node.name) === 'system'
          ? SYSTEM
          : node.kind === 'link'
            ? LINK
            : kindOf(node.name) === 'notebook'
              ? LOOSE
              : whyLeftOut(node.name),
      );
    else await walk.take(node, owner, 1, owner.file || node.name);
  }
  return walk;
}

const SYSTEM = 'it is a file or folder that systems and editors keep for themselves';
const LINK = 'it is a link, which is not followed';

class Walk implements Collected {
  readonly handIns: HandIn[] = [];
  readonly leftOut: (LeftOut & { readonly owner?: Owner })[] = [];

  constructor(private readonly assignments: readonly string[]) {}

  leave(node: Node, why: string, owner?: Owner): void {
    this.leftOut.push({ file: node.path, why, owner });
  }

  async take(node: Node, owner: Owner, depth: number, name = node.name): Promise<void> {
    const kind = kindOf(name);
    if (kind === 'system') return this.leave(node, SYSTEM, owner);
    if (node.kind === 'folder' || node.kind === 'archive') return this.enter(node, owner, depth, name);
    if (kind === 'notebook')
      return void this.handIns.push({ owner, name, file: node.path, modified: node.modified, read: node.read });
    if (node.kind === 'link') return this.leave(node, LINK, owner);
    this.refuse(node, owner, name, whyLeftOut(name));
  }

  private async enter(node: Node, owner: Owner, depth: number, name: string): Promise<void> {
    if (depth > MOST_DEPTH) return this.leave(node, `it lies more than ${MOST_DEPTH} folders deep`, owner);
    let children: readonly Node[];
    try {
      children = await node.children();
    } catch (error) {
      return this.refuse(
        node,
        owner,
        name,
        `${node.kind === 'archive' ? 'this archive' : 'this folder'} can't be read: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    if (children.length === 0)
      this.leave(node, `${node.kind === 'archive' ? 'the archive' : 'the folder'} is empty`, owner);
    for (const child of children) await this.take(child, owner, depth + 1);
  }

  /**
   * What is named after an assignment stands in place of its notebook, so that its student is told why there are no
   * points.
   */
  private refuse(node: Node, owner: Owner, name: string, why: string): void {
    if (assignmentNamed(name, this.assignments) === undefined) this.leave(node, why, owner);
    else
      this.handIns.push({
        owner,
        name,
        file: node.path,
        modified: node.modified,
        refused: why,
        read: async () => ({ problem: why }),
      });
  }
}
