import { execFileSync } from 'node:child_process';
import * as tf from '@tensorflow/tfjs-node';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { disposeAll } from '../../../src/parts/memory';
import { checkPrivateMembers } from '../../../src/parts/tensorflow/check-members';
import { PINNED } from '../../../src/parts/tensorflow/members';
import {
  nativeVersion,
  nextTensorId,
  runningEngine,
  stopTraining,
} from '../../../src/parts/tensorflow/private-members';
import { inRoot, root } from '../../support/root';

afterEach(() => vi.restoreAllMocks());

/** The library without one member: `make` changes what a factory of it makes. */
const withLayers = (changed: Partial<typeof tf.layers>): typeof tf => ({ ...tf, layers: { ...tf.layers, ...changed } });

describe('the version of the native library', () => {
  it('is its number, and missing where another back end computes', () => {
    expect(nativeVersion(tf.backend())).toMatch(/^2\.\d+\.\d+$/);
    expect(nativeVersion(tf.findBackend('cpu'))).toBeUndefined();
  });
});

describe('the check of private members', () => {
  it('finds each of them in the version that is pinned', () => {
    expect(() => checkPrivateMembers(tf)).not.toThrow();
    const { dependencies } = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(inRoot('package.json'), 'utf8')));
    expect(dependencies['@tensorflow/tfjs-node']).toBe(PINNED);
    expect(tf.version['tfjs-core']).toBe(PINNED);
  });

  it('names a member of another kind', () => {
    const broken = withLayers({
      reLU: (config) => Object.assign(tf.layers.reLU(config), { maxValue: 'six' }),
    });
    expect(() => checkPrivateMembers(broken)).toThrow(
      `layerwise/graph needs the member maxValue of TensorFlow.js's ReLU, and found another kind of value (string): expected @tensorflow/tfjs-node ${PINNED}, which the project pins; npm start installs it`,
    );
  });

  it('names a field that has gone, of layers, optimizers and models', () => {
    const without = <T extends object>(made: T, name: string): T => {
      Reflect.deleteProperty(made, name);
      return made;
    };
    expect(() =>
      checkPrivateMembers(withLayers({ dropout: (config) => without(tf.layers.dropout(config), 'rate') })),
    ).toThrow("needs the member rate of TensorFlow.js's Dropout, and found none");
    const train = Object.create(tf.train, {
      adam: { value: () => without(tf.train.adam(), 'accBeta1') },
    }) as typeof tf.train;
    expect(() => checkPrivateMembers({ ...tf, train })).toThrow(
      "needs the member accBeta1 of TensorFlow.js's AdamOptimizer, and found none",
    );
    const { prototype } = tf.LayersModel;
    const kept = Object.getOwnPropertyDescriptor(prototype, 'predictLoop');
    try {
      Reflect.deleteProperty(prototype, 'predictLoop');
      expect(() => checkPrivateMembers(tf)).toThrow("needs the member predictLoop of TensorFlow.js's LayersModel");
    } finally {
      Object.defineProperty(prototype, 'predictLoop', kept ?? {});
    }
  });

  it('leaves nothing behind: no tensor, no variable, no random draw, even where it fails', () => {
    const random = vi.spyOn(Math, 'random');
    const [tensors, variables] = [tf.memory().numTensors, Object.keys(tf.engine().registeredVariables)];
    checkPrivateMembers(tf);
    const broken = withLayers({ reLU: (config) => Object.assign(tf.layers.reLU(config), { maxValue: 'six' }) });
    expect(() => checkPrivateMembers(broken)).toThrow('maxValue');
    expect(tf.memory().numTensors).toBe(tensors);
    expect(Object.keys(tf.engine().registeredVariables)).toEqual(variables);
    expect(random).not.toHaveBeenCalled();
  });

  it("numbers the learner's layers and models as if it had never run", () => {
    const script = `const tf = require('@tensorflow/tfjs-node');
      if (process.argv[1] === 'checked') require('layerwise/graph');
      const { layers } = tf;
      const all = ['dense', 'lstm', 'gru', 'dropout', 'reLU', 'batchNormalization', 'layerNormalization', 'gaussianNoise']
        .map((kind) => layers[kind]({ units: 1, rate: 0.5, stddev: 1 }).name);
      const input = tf.input({ shape: [1] });
      all.push(tf.sequential().name, tf.model({ inputs: input, outputs: input }).name, input.name);
      all.push(layers.bidirectional({ layer: layers.lstm({ units: 1 }) }).name);
      console.log(all.join());`;
    const names = (how: string): string =>
      execFileSync(process.execPath, ['--require', inRoot('src', 'setup', 'node-shim.cjs'), '-e', script, how], {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    expect(names('checked')).toBe(names('unchecked'));
  });

  it('finds the running engine without loading the library', () => {
    const engine = runningEngine();
    expect(engine).toBe(tf.engine());
    const depth = engine?.state.scopeStack.length ?? 0;
    tf.tidy(() => {
      expect(engine?.state.scopeStack.length).toBe(depth + 1);
    });
  });

  it('knows the two switches of a training', () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    expect(model).toMatchObject({ isTraining: false });
    stopTraining(model);
    expect(model.stopTraining).toBe(true);
    disposeAll(model);
  });

  it("reads the engine's next number", () => {
    const next = nextTensorId(tf.engine());
    const made = tf.scalar(1);
    expect(made.id).toBe(next);
    made.dispose();
  });
});
