import { describe, expect, it } from 'vitest';
import { Checker } from '../../../src/tools/kernel/checker';
import { inRoot, root } from '../../support/root';

describe('Between checks the files of packages', () => {
  it('are not asked for again, also when more are imported; their types stay', () => {
    let asked = 0;
    const checker = new Checker(inRoot('notebooks'), root, () => {
      asked++;
      return false;
    });
    const messagesOf = (code: string): string[] => {
      asked = 0;
      const { module, diagnoses } = checker.check(code);
      if (diagnoses.length === 0) checker.accept(module);
      return diagnoses.map(({ message }) => message);
    };
    for (const code of ["import * as tf from '@tensorflow/tfjs-node';", 'const a = tf.scalar(1);', 'const b = 1;'])
      expect(messagesOf(code)).toEqual([]);
    expect(messagesOf('const c: number = a.dataSync()[0];')).toEqual([]);
    expect(messagesOf('const d: string = a.dataSync()[0];')).toEqual([
      "Type 'number' is not assignable to type 'string'.",
    ]);
    expect(
      messagesOf("import * as dfd from 'danfojs-node';\nconst e: number[] = new dfd.DataFrame([[1]]).shape;"),
    ).toEqual([]);
    expect(messagesOf('const f: string = a.dataSync()[0];')).toEqual([
      "Type 'number' is not assignable to type 'string'.",
    ]);
    expect(asked).toBeLessThan(300);
  });
});
