import type { Constant, GraphBuilder } from './graph-builder';
import type { TFEOpAttr } from './native';
import { isSameAttributes, isSameConstant } from './same-nodes';

/** A tensor of a step wherever it runs: by a name, or by what a constant holds. */
type Label = string | Constant;

interface Entry {
  readonly op: string;
  readonly attributes: readonly TFEOpAttr[];
  readonly inputs: readonly Label[];
}

/** What one run of a step does, to tell whether another run does the same elsewhere in the graph. */
export class StepLog {
  private readonly entries: Entry[] = [];
  private results: readonly Label[] = [];
  private readonly labels = new Map<string, string>();

  /**
   * @param given names of what the step is given.
   * @param outer the name outside of a loop.
   */
  constructor(
    private readonly builder: GraphBuilder,
    given: readonly string[],
    private readonly outer: (name: string) => string,
  ) {
    given.forEach((name, i) => this.labels.set(name, `given ${i}`));
  }

  add(op: string, attributes: readonly TFEOpAttr[], inputs: readonly string[], name: string): void {
    this.labels.set(name, `made ${this.entries.length}`);
    this.entries.push({ op, attributes, inputs: inputs.map((input) => this.labelOf(input)) });
  }

  end(results: readonly string[]): void {
    this.results = results.map((name) => this.labelOf(name));
  }

  isSameAs(other: StepLog): boolean {
    const { entries, results } = this;
    return (
      entries.length === other.entries.length &&
      entries.every(
        ({ op, attributes, inputs }, i) =>
          op === other.entries[i].op &&
          isSameAttributes(attributes, other.entries[i].attributes) &&
          areSame(inputs, other.entries[i].inputs),
      ) &&
      areSame(results, other.results)
    );
  }

  private labelOf(name: string): Label {
    const [node, output = ''] = name.split(':');
    const known = this.labels.get(name) ?? this.labels.get(node);
    if (known !== undefined) return `${known} ${output}`;
    const outer = this.outer(name);
    return this.builder.constants.get(outer) ?? outer;
  }
}

const areSame = (one: readonly Label[], other: readonly Label[]): boolean =>
  one.length === other.length &&
  one.every((label, i) => {
    const second = other[i];
    return typeof label === 'string' || typeof second === 'string' ? label === second : isSameConstant(label, second);
  });
