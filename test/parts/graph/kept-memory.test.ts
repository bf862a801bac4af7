import * as tf from '@tensorflow/tfjs-node';
import { expect, it } from 'vitest';
import { accelerate } from '../../../src/parts/graph';
import { hasOwnOperations } from '../../../src/parts/graph/own-operations';

it.skipIf(!hasOwnOperations() || process.platform !== 'linux')(
  'a step takes no memory from the system anew',
  async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 512, activation: 'relu', inputShape: [784] }),
        tf.layers.dense({ units: 10, activation: 'softmax' }),
      ],
    });
    model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
    const graphs = accelerate(model);
    const [x, y] = [tf.ones([128, 784]), tf.ones([128, 10])];
    const train = async (steps: number): Promise<void> => {
      for (let i = 0; i < steps; i++) await model.trainOnBatch(x, y);
    };
    await train(50);
    const before = process.resourceUsage().minorPageFault;
    await train(200);
    // The gradient of the first kernel alone has 392 pages of 4 kB.
    expect((process.resourceUsage().minorPageFault - before) / 200).toBeLessThan(100);
    graphs.dispose();
    tf.dispose([x, y]);
  },
);
