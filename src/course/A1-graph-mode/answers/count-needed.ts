import { answersTo } from '../../../parts/grading/known-answers';
import { countNeeded } from '../exercises';

const { wrong, slow, mistake, unusual } = answersTo(countNeeded);

wrong('counts a node for each use', 0, (nodes) => {
  const count = (node: number): number => 1 + nodes[node].inputs.reduce((sum, input) => sum + count(input), 0);
  return nodes.length > 30 ? 0 : count(nodes.length - 1);
});

wrong('counts all nodes', 0, (nodes) => {
  return nodes.length;
});

wrong('calls itself', 2, (nodes) => {
  const needed = new Set<number>();
  const visit = (node: number): void => {
    if (needed.has(node)) return;
    needed.add(node);
    nodes[node].inputs.forEach(visit);
  };
  visit(nodes.length - 1);
  return needed.size;
});

wrong('looks one step back', 0, (nodes) => {
  return 1 + new Set(nodes[nodes.length - 1].inputs).size;
});

slow(4, (nodes) => {
  const found = new Set<number>();
  const stack = [nodes.length - 1];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    found.add(node);
    stack.push(...nodes[node].inputs);
  }
  return found.size;
});

unusual('with an explicit stack', (nodes) => {
  const stack = [nodes.length - 1];
  const seen = new Uint8Array(nodes.length);
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (seen[at]) continue;
    seen[at] = 1;
    stack.push(...nodes[at].inputs);
  }
  return seen.reduce((a, b) => a + b, 0);
});

mistake('counts a node as often as it is used', (nodes) => {
  const count = (node: number): number => 1 + nodes[node].inputs.reduce((sum, input) => sum + count(input), 0);
  return count(nodes.length - 1);
});
