import { assignmentNamed, kindOf, stemOf } from './names';
import type { Roster } from './roster';
import { ownerOf, platformOwner, type Owner } from './students';
import type { Node } from './tree';

/** What lies at the top of a class, and whose it is; without an owner it is nobody's. */
export interface ClassEntry {
  readonly node: Node;
  readonly owner?: Owner;
}

const MOST_WRAPPERS = 4;

const isPlace = ({ kind }: Node): boolean => kind === 'folder' || kind === 'archive';
const worthy = (nodes: readonly Node[]): Node[] => nodes.filter(({ name }) => kindOf(name) !== 'system');
const ownerAt = ({ name, kind }: Node): Owner => ownerOf(name, kind === 'archive');

/**
 * What an archive or a folder holds; nothing where it can't be read, which is said where it is taken for a student's.
 */
async function peek(node: Node): Promise<readonly Node[]> {
  try {
    return isPlace(node) ? worthy(await node.children()) : [];
  } catch {
    return [];
  }
}

/** Whether at least half of these are named as a learning platform names hand-ins, or as the roster names students. */
function areStudents(nodes: readonly Node[], roster: Roster | undefined): boolean {
  const named = nodes.filter(
    (node) => platformOwner(node.name) !== undefined || (isPlace(node) && roster?.find(ownerAt(node)) !== undefined),
  );
  return named.length > 0 && named.length >= nodes.length / 2;
}

async function holdsHandIn(node: Node, depth = 0): Promise<boolean> {
  if (kindOf(node.name) === 'notebook' || node.kind === 'archive') return true;
  if (node.kind !== 'folder' || depth > 2) return false;
  for (const child of await peek(node)) if (await holdsHandIn(child, depth + 1)) return true;
  return false;
}

/**
 * Whether what lies in an archive looks like several students': two or more folders or archives with hand-ins, none
 * named after an assignment, and no notebook beside them.
 */
async function areSeveral(nodes: readonly Node[], assignments: readonly string[]): Promise<boolean> {
  const places = nodes.filter(isPlace);
  if (
    places.length < 2 ||
    nodes.some(({ name }) => kindOf(name) === 'notebook') ||
    places.some(({ name }) => assignmentNamed(name, assignments) !== undefined)
  )
    return false;
  const holding = await Promise.all(places.map((node) => holdsHandIn(node)));
  return holding.filter(Boolean).length >= 2;
}

/** Without what copying adds: "class (1)" and "class". */
const bare = (name: string): string =>
  stemOf(name)
    .replace(/ ?\(\d+\)$/, '')
    .toLowerCase();

/**
 * The folders, archives and files of a class's students. What only wraps them is looked through: an archive of the
 * whole class that lies alone in a folder, a folder of the archive's own name, and whatever holds what the roster or a
 * learning platform names.
 */
export async function classIn(
  root: Node,
  roster: Roster | undefined,
  assignments: readonly string[],
): Promise<ClassEntry[]> {
  const place = (await wrapped(root, root.kind === 'archive', roster, assignments)) ?? root;
  return (await Promise.all((await place.children()).map((node) => entriesOf(node, roster)))).flat();
}

/** The class inside the one thing that a place holds; undefined where that is a student's. */
async function wrapped(
  place: Node,
  isArchived: boolean,
  roster: Roster | undefined,
  assignments: readonly string[],
  depth = 1,
): Promise<Node | undefined> {
  const children = worthy(await place.children());
  const [only] = children;
  if (depth > MOST_WRAPPERS || children.length !== 1 || !isPlace(only) || areStudents(children, roster))
    return undefined;
  const inside = await peek(only);
  const isInArchive = isArchived || only.kind === 'archive';
  const isNamedAlike = bare(only.name) === bare(place.name) && !inside.some(({ name }) => kindOf(name) === 'notebook');
  const isWrapper =
    areStudents(inside, roster) || isNamedAlike || (isInArchive && (await areSeveral(inside, assignments)));
  const deeper =
    (isWrapper || isInArchive) && inside.length > 0
      ? await wrapped(only, isInArchive, roster, assignments, depth + 1)
      : undefined;
  return deeper ?? (isWrapper ? only : undefined);
}

async function entriesOf(node: Node, roster: Roster | undefined): Promise<ClassEntry[]> {
  if (kindOf(node.name) === 'system') return [{ node }];
  const platform = platformOwner(node.name);
  if (platform) return [{ node, owner: platform }];
  if (!isPlace(node)) return [{ node }];
  const inside = await peek(node);
  const isClass = roster?.find(ownerAt(node)) === undefined && areStudents(inside, roster);
  if (isClass) return (await Promise.all((await node.children()).map((child) => entriesOf(child, roster)))).flat();
  return [{ node, owner: ownerAt(node) }];
}
