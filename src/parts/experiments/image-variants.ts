import type { Variant } from './image-network';

/** Variants of the plain network: each changes one thing about the network or its training. */
export const variants: Readonly<
  Record<string, { readonly label: string; readonly variant: Variant; readonly checkpoints?: readonly number[] }>
> = {
  plain: {
    label: '784-28-10, SGD 0.01 with momentum 0.9, 100 images, 500 epochs',
    variant: {},
    checkpoints: [50, 200],
  },
  linear: { label: 'no hidden layer', variant: { hiddenUnits: [] } },
  dropout: { label: 'dropout 0.5', variant: { dropout: 0.5 }, checkpoints: [50, 200] },
  'batch-normalization': { label: 'batch normalization', variant: { batchNormalization: true } },
  'early-stopping': { label: 'early stopping', variant: { earlyStopping: true } },
  adam: { label: 'Adam 0.001', variant: { optimizer: 'adam' } },
  'bigger-batch': { label: 'batches of 100 (all images)', variant: { batchSize: 100 } },
  'smaller-batch': { label: 'batches of 8', variant: { batchSize: 8 } },
  'fewer-epochs': { label: '50 epochs', variant: { epochs: 50 } },
  'higher-rate': { label: 'learning rate 0.5', variant: { learningRate: 0.5 } },
  'lower-rate': { label: 'learning rate 0.0001', variant: { learningRate: 0.0001 } },
  'more-data': { label: '1,000 images, 62 epochs (about as many steps)', variant: { samples: 1000, epochs: 62 } },
  'bigger-model': { label: '784-256-128-10', variant: { hiddenUnits: [256, 128] } },
};

/** Classifiers that train on all images of a set. */
export const classifiers: Readonly<
  Record<string, { readonly label: string; readonly set: 'mnist' | 'fashion-mnist'; readonly variant: Variant }>
> = {
  'mnist-linear': {
    label: 'MNIST, no hidden layer, Adam, 5 epochs, batches of 32',
    set: 'mnist',
    variant: { hiddenUnits: [], optimizer: 'adam', epochs: 5 },
  },
  'mnist-512': {
    label: 'MNIST, 512 units, Adam, 5 epochs, batches of 128',
    set: 'mnist',
    variant: { hiddenUnits: [512], optimizer: 'adam', epochs: 5, batchSize: 128 },
  },
  'fashion-512': {
    label: 'Fashion-MNIST, 512 units, Adam, 5 epochs, batches of 128',
    set: 'fashion-mnist',
    variant: { hiddenUnits: [512], optimizer: 'adam', epochs: 5, batchSize: 128 },
  },
  'fashion-128': {
    label: 'Fashion-MNIST, 128 units, Adam, 10 epochs, batches of 32',
    set: 'fashion-mnist',
    variant: { hiddenUnits: [128], optimizer: 'adam', epochs: 10 },
  },
  'fashion-64-64': {
    label: 'Fashion-MNIST, 64 + 64 units, RMSprop, 5 epochs, batches of 64',
    set: 'fashion-mnist',
    variant: { hiddenUnits: [64, 64], optimizer: 'rmsprop', epochs: 5, batchSize: 64 },
  },
};
