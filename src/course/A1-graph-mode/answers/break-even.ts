import { answersTo } from '../../../parts/grading/known-answers';
import { breakEven } from '../exercises';

const { wrong, slow, mistake } = answersTo(breakEven);

wrong('rounds down', 3, (eager, graph, trace) => {
  return eager > graph ? Math.max(1, Math.floor(trace / (eager - graph))) : Infinity;
});

wrong('rounds by bits', 2, (eager, graph, trace) => {
  if (eager <= graph) return Infinity;
  const steps = trace / (eager - graph);
  const whole = steps | 0;
  return Math.max(1, whole < steps ? whole + 1 : whole);
});

wrong('never says Infinity', 2, (eager, graph, trace) => {
  return Math.max(1, Math.ceil(trace / Math.abs(eager - graph)));
});

wrong('divides by the eager time', 2, (eager, graph, trace) => {
  return eager > graph ? Math.ceil(trace / eager) : Infinity;
});

slow(0, () => {
  const end = Date.now() + 600_000;
  while (Date.now() < end);
  return 1;
});

mistake('rounds', (eager, graph, trace) => {
  return eager > graph ? Math.max(1, Math.round(trace / (eager - graph))) : Infinity;
});
