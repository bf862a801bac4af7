// Work that fails leaves variables and counts as they were.
import * as tf from '@tensorflow/tfjs-node';
import { describe, expect, it, vi } from 'vitest';
import { allOrNothing, copiesHeld, onFailure } from '../../../src/parts/graph/all-or-nothing';
import { expectNoTensorsLeft } from '../../support/tensors';

expectNoTensorsLeft();

const variableOf = (value: number): tf.Variable => tf.tidy(() => tf.variable(tf.scalar(value)));
const assign = (variable: tf.Variable, value: number): void => void tf.tidy(() => variable.assign(tf.scalar(value)));
const valueOf = (variable: tf.Variable): number => variable.dataSync()[0];
const failing = (work: () => void): (() => void) => {
  return () => {
    work();
    throw new RangeError('on purpose');
  };
};

describe('work that is all or nothing', () => {
  it('gives its result, and keeps what it has changed', () => {
    const v = variableOf(1);
    const undone: string[] = [];
    const result = allOrNothing(() => {
      onFailure(() => undone.push('undone'));
      assign(v, 2);
      return 'result';
    });
    expect([result, valueOf(v), undone]).toEqual(['result', 2, []]);
  });

  it('takes back what it has changed where it fails, the last thing first', () => {
    const [v, w, gone] = [variableOf(1), variableOf(2), variableOf(3)];
    const assigned = vi.spyOn(w, 'assign');
    const undone: string[] = [];
    const work = failing(() => {
      for (const name of ['first', 'second', 'third']) onFailure(() => undone.push(name));
      assign(v, 5);
      gone.dispose();
    });
    expect(() => allOrNothing(work)).toThrow(new RangeError('on purpose'));
    expect([valueOf(v), valueOf(w), gone.isDisposed]).toEqual([1, 2, true]);
    expect(undone).toEqual(['third', 'second', 'first']);
    expect(assigned).not.toHaveBeenCalled();
  });

  it('takes back too what went well inside of it', () => {
    const v = variableOf(1);
    const undone: string[] = [];
    const work = failing(() => {
      onFailure(() => undone.push('outer'));
      allOrNothing(() => {
        onFailure(() => undone.push('inner'));
        assign(v, 5);
      });
      expect(undone).toEqual([]);
    });
    expect(() => allOrNothing(work)).toThrow('on purpose');
    expect([valueOf(v), undone]).toEqual([1, ['inner', 'outer']]);
  });

  it('goes on after what failed inside of it', () => {
    const v = variableOf(1);
    const undone: string[] = [];
    allOrNothing(() => {
      onFailure(() => undone.push('outer'));
      assign(v, 2);
      const inner = failing(() => {
        onFailure(() => undone.push('inner'));
        assign(v, 3);
      });
      expect(() => allOrNothing(inner)).toThrow('on purpose');
    });
    expect([valueOf(v), undone]).toEqual([2, ['inner']]);
  });

  it('needs nobody to say how to take something back outside of it', () => {
    const undo = vi.fn();
    onFailure(undo);
    expect(() => allOrNothing(failing(() => undefined))).toThrow('on purpose');
    expect(undo).not.toHaveBeenCalled();
  });

  it('holds a copy of each variable as long as it runs, however deep', () => {
    const [v, w] = [variableOf(1), variableOf(2)];
    const held = (): number[] => [v, w].map(copiesHeld);
    expect(held()).toEqual([0, 0]);
    allOrNothing(() => {
      expect(held()).toEqual([1, 1]);
      allOrNothing(() => {
        expect(held()).toEqual([2, 2]);
        allOrNothing(() => expect(held()).toEqual([3, 3]));
      });
      expect(held()).toEqual([1, 1]);
      const before = v.dataId;
      assign(v, 7);
      expect(v.dataId).not.toBe(before);
      expect(held()).toEqual([0, 1]);
    });
    expect(held()).toEqual([0, 0]);
    expect(() => allOrNothing(failing(() => undefined))).toThrow('on purpose');
    expect(held()).toEqual([0, 0]);
  });
});
