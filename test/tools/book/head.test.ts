import { describe, expect, it } from 'vitest';
import { numbersIn, pathTo } from '../../../src/tools/book/site/head';

describe('the numbers of chapters in a text', () => {
  it.each<[string, string[]]>([
    ['chapters 02 to 05', ['02', '03', '04', '05']],
    ['chapters 03 (computation graphs, autodiff), 05 and 06', ['03', '05', '06']],
    ['chapter 02, and what a function’s graph looks like', ['02']],
    ['chapters 09 to 11 and A1', ['09', '10', '11', 'A1']],
    ['TypeScript or JavaScript. No mathematics yet', []],
    ['chapters 05 to 03', []],
    ['100 examples, 7 days, B2', []],
  ])('%s', (text, expected) => {
    expect(numbersIn(text)).toEqual(expected);
  });
});

describe('the path to a chapter', () => {
  const chapters = [
    { number: '00', before: 'nothing' },
    { number: '02', before: 'chapter 00' },
    { number: '03', before: 'chapters 02 and 99' },
    { number: '04', before: 'chapter 00' },
    { number: 'A1', before: 'chapter 03' },
  ];
  const numbers = (goal: number): string[] => pathTo(chapters[goal], chapters).map(({ number }) => number);

  it('holds what is needed, in order, and nothing else', () => {
    expect([0, 2, 3, 4].map(numbers)).toEqual([['00'], ['00', '02', '03'], ['00', '04'], ['00', '02', '03', 'A1']]);
  });

  it('ends where chapters need each other', () => {
    const odd = [{ number: '01', before: '02' }, { number: '02', before: '01' }]; // prettier-ignore
    expect(pathTo(odd[1], odd).map(({ number }) => number)).toEqual(['01', '02']);
  });
});
