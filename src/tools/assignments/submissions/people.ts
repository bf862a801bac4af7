import type { HandIn, LeftOut } from './collect';
import type { Listed, Roster } from './roster';
import type { Owner } from './students';

/** A student of a class, with what they have handed in. */
export interface Person {
  readonly id: string;
  readonly listed?: Listed;
  /** By assignment. */
  readonly handIns: Map<string, HandIn[]>;
  readonly leftOut: LeftOut[];
}

/**
 * Everybody in a class: whom the roster lists, and who has a folder. Owners of one name are one student, unless a
 * learning platform gives them different numbers.
 */
export class People {
  private readonly byId = new Map<string, Person>();
  private readonly numbers = new Map<string, Set<string>>();

  constructor(
    owners: readonly Owner[],
    private readonly roster: Roster | undefined,
  ) {
    for (const { id } of roster?.students ?? []) this.person(id);
    for (const { name, number } of owners)
      if (number !== undefined) this.numbers.set(name, (this.numbers.get(name) ?? new Set()).add(number));
    for (const owner of owners) this.of(owner);
  }

  of(owner: Owner): Person {
    const listed = this.roster?.find(owner);
    const isShared = owner.number !== undefined && (this.numbers.get(owner.name)?.size ?? 0) > 1;
    return this.person(listed?.id ?? (isShared ? `${owner.name} (${owner.number})` : owner.name));
  }

  get all(): Person[] {
    return [...this.byId.values()];
  }

  private person(id: string): Person {
    const person = this.byId.get(id) ?? {
      id,
      listed: this.roster?.students.find((student) => student.id === id),
      handIns: new Map(),
      leftOut: [],
    };
    this.byId.set(id, person);
    return person;
  }
}
