// What a new chapter begins with: every section that a chapter needs, and one small exercise with its tests.

/** A cell of a notebook to be: prose or code. */
export interface SkeletonCell {
  readonly id: string;
  readonly markdown?: string;
  readonly code?: string;
}

export const chapterCells = (title: string, name: string): SkeletonCell[] => [
  {
    id: 'title',
    markdown: `# ${title}\n\nSay in three sentences what this chapter is about, and why a learner should care.\n\n**After this chapter you can**\n\n- name the first thing that a learner can do after it;\n- name the second, and the third.\n\n**Know before:** the chapters that this one builds on. **Time:** about two hours with the exercises.`,
  },
  {
    id: 'question',
    markdown:
      '## 1 A question to begin with\n\nBegin with something that a learner would like to know, and that the chapter answers at its end. Show it in a figure if you can. Then say what is needed to answer it.',
  },
  {
    id: 'idea',
    markdown:
      '## 2 The central idea\n\nExplain the idea in words and in a figure before any code. Then compute one number by hand: two and two.',
  },
  { id: 'idea-code', code: 'const sum = 2 + 2;\nconsole.log(sum);' },
  {
    id: 'idea-result',
    markdown:
      'Say what the result shows, and what would have come out otherwise. From here on: from scratch first, then the library, then a cell that prints how well they agree.',
  },
  {
    id: 'pitfalls',
    markdown:
      '## 3 Pitfalls\n\n**The mistake that everybody makes.** How it shows, why it happens, and what to do about it.',
  },
  {
    id: 'summary',
    markdown:
      '## 4 Summary\n\n| idea | meaning | in code |\n|---|---|---|\n| sum | how much it is together | `2 + 2` |\n\nThe answer to the question of the beginning.',
  },
  {
    id: 'self-check',
    markdown:
      '## 5 Self-check\n\nAnswer first, then unfold.\n\n<details><summary>1. How much is two and two?</summary>\n\nFour.\n\n</details>',
  },
  {
    id: 'further-reading',
    markdown: `## 6 Further reading\n\n- Author, "Title", *where it appeared*, year: what it is good for.\n\nNow do the exercises: \`exercises/${name}.ipynb\`.`,
  },
];

export const exerciseCells = (title: string, example: string): SkeletonCell[] => [
  {
    id: 'title',
    markdown: `# ${title}: exercises\n\nEach task has a stub with a place for your code, and a cell below it that checks your function: it shows which calls came out right, and for those that didn't, what came back. \`await check('name', { hints: 1 })\` shows a hint. When your work is graded, the same functions are called with other numbers.`,
  },
  { id: 'imports', code: "import { check } from 'layerwise/grading';" },
  { id: 'task-1', markdown: '## Task 1 (read): twice as much\n\nReturn twice the number.' },
  {
    id: 'example',
    code: `function ${example}(x: number): number {\n  // BEGIN SOLUTION\n  return 2 * x;\n  // END SOLUTION\n}`,
  },
  { id: 'example-check', code: `await check('${example}');` },
];

export const exercisesSource = (example: string): string => `import { exactly } from '../../parts/grading/compare';
import { exercise } from '../../parts/grading/exercise';

export const ${example} = exercise<(x: number) => number>('${example}', ({ calls }) => ({
  title: 'twice as much',
  hints: ['Add the number to itself.'],
  tests: [calls('doubles', 1, [[[2], exactly(4)], [[0], exactly(0)]], { look: 'Twice, not squared: try 3.' })],
}));

export const exercises = [${example}];
`;

export const hiddenSource = (example: string): string => `import { exactly } from '../../parts/grading/compare';
import { times } from '../../parts/grading/draws';
import { hiddenTests } from '../../parts/grading/hidden-tests';
import { ${example} } from './exercises';

export const hidden = [
  hiddenTests(${example}, ({ calls }) => [
    calls(
      'doubles any number',
      2,
      (draw) =>
        times(5, () => {
          const x = draw.between(3, 9);
          return [[x], exactly(2 * x)] as const;
        }),
      { look: 'Twice, not squared.' },
    ),
  ]),
];
`;

export const answersSource = (
  example: string,
): string => `import { answersTo } from '../../../parts/grading/known-answers';
import { ${example} } from '../exercises';

const { wrong, slow, unusual } = answersTo(${example});

wrong('squares', 1, (x) => {
  return x * x;
});

wrong('adds two', 0, (x) => {
  return x + 2;
});

slow(0, (x) => {
  const end = Date.now() + 600_000;
  while (Date.now() < end);
  return 2 * x;
});

unusual('by adding', (x) => {
  return x + x;
});
`;
