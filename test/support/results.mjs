// What a stage's output says: how many tests passed, failed and were skipped, and the details of those that failed.
import { readFileSync } from 'node:fs';

// Each process that loads TensorFlow says which processor features it uses; there is no switch for these lines.
const CHATTER =
  /^WARNING: All log messages before absl::InitializeLog|port\.cc:\d+\] oneDNN custom operations are on|cpu_feature_guard\.cc|^To enable the following instructions/;
const ESCAPES = /\u001b\[[0-9;]*[A-Za-z]/g;
const SHOWN_LINES = 60;

/** Lines of output as they are shown: without escape sequences and without what TensorFlow says when it is loaded. */
export const linesOf = (output) =>
  output
    .replaceAll('\r', '')
    .replaceAll(ESCAPES, '')
    .split('\n')
    .filter((line) => !CHATTER.test(line));

const end = (output) => linesOf(output.trimEnd()).slice(-SHOWN_LINES).join('\n');
const readJson = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
};
/** A stage that failed as a whole counts as one more failure; its last lines say why. */
const result = (status, output, passed, failures, skipped = 0, failed = failures.length) =>
  failed > 0 || (status === 0 && passed + skipped > 0)
    ? { passed, failed, skipped, details: failed > 0 ? failures.join('\n\n') || end(output) : '' }
    : { passed, failed: 1, skipped, details: end(output) };

/** A command that prints its complaints and ends with a status. */
export const ofStatus = (status, output) =>
  status === 0 ? result(0, output, 1, []) : result(status, output, 0, [end(output)]);

/**
 * A program that prints a line a test, beginning with [ok], [fail] or [skip]; more about a failure may follow in the
 * next lines. A line that begins with [warn] is shown and counts as nothing.
 */
export function ofLines(status, output) {
  const lines = linesOf(output);
  const parts = [];
  for (const line of lines) {
    if (/^\[(ok|fail|skip|warn)\]/.test(line)) parts.push([line]);
    else parts.at(-1)?.push(line);
  }
  const of = (mark) => parts.filter(([line]) => line.startsWith(`[${mark}]`));
  const failures = of('fail').map((part) => part.join('\n').trimEnd());
  const warned = of('warn').map(([line]) => line);
  return {
    ...result(status, output, of('ok').length, failures, of('skip').length),
    ...(warned.length > 0 ? { warnings: warned } : {}),
  };
}

/** Suites of Python's unittest, one after the other. */
export function ofUnittest(status, output) {
  const sum = (pattern) => [...output.matchAll(pattern)].reduce((total, [, number]) => total + Number(number), 0);
  const ran = sum(/^Ran (\d+) tests? in/gm);
  const failed = sum(/\b(?:failures|errors)=(\d+)/g);
  // The only optional sample that is left out is the pager, which the protocol calls deprecated.
  const withoutSample = sum(/\bskipped=(\d+)/g);
  const blocks =
    linesOf(output)
      .join('\n')
      .match(/^={70}\n(?:FAIL|ERROR): [\s\S]*?(?=\n={70}\n|\n-{70}\nRan )/gm) ?? [];
  return result(status, output, Math.max(0, ran - failed - withoutSample), blocks, 0, failed);
}

/** Vitest's own report of what failed, with what was expected and what came; from the first heading of failures. */
const FAILED = /^[^\w\n]*Failed (?:Suites|Tests) \d+(?:(?!\n *Test Files )[\s\S])*/m;

/** Vitest: counts from the JSON report that it wrote, details from what it printed, else from the report. */
export const ofVitest = (report) => (status, output) => {
  const {
    numPassedTests = 0,
    numFailedTests = 0,
    numPendingTests = 0,
    numTodoTests = 0,
    testResults = [],
  } = readJson(report) ?? {};
  const failures = testResults
    .filter((file) => file.status === 'failed')
    .flatMap((file) => {
      const failed = file.assertionResults
        .filter((test) => test.status === 'failed')
        .map((test) => `${test.fullName}\n${test.failureMessages.join('\n')}`);
      return (failed.length > 0 ? failed : [file.message]).map((text) => linesOf(`${file.name}\n${text}`).join('\n'));
    });
  const [printed] = FAILED.exec(linesOf(output).join('\n')) ?? [];
  return result(
    status,
    output,
    numPassedTests,
    printed === undefined ? failures : [printed],
    numPendingTests + numTodoTests,
    Math.max(numFailedTests, failures.length),
  );
};

/** `layerwise book`, from the report that it wrote. */
export const ofBook = (report) => (status, output) => {
  const results = readJson(report)?.results ?? [];
  const passed = results.filter((chapter) => chapter.status === 'ok').length;
  return result(status, output, passed, [], 0, results.length - passed);
};
