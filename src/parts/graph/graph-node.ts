/** A node of a graph, for people: its name, op, inputs, and the shape of its (first) output. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly shape: readonly number[];
}
