import {
  engine,
  getKernelsForBackend,
  registerKernel,
  type KernelBackend,
  type KernelConfig,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

/**
 * Kernels that one back end lacks run on another: values go over and come back. Without it no network with convolutions
 * could be trained by WebAssembly.
 *
 * @returns their names.
 */
export function forwardMissingKernels(from: string, to: string): string[] {
  const present = new Set(getKernelsForBackend(from).map(({ kernelName }) => kernelName));
  const missing = getKernelsForBackend(to).filter(({ kernelName }) => !present.has(kernelName));
  for (const kernel of missing)
    registerKernel({
      kernelName: kernel.kernelName,
      backendName: from,
      kernelFunc: ({ inputs, attrs }) => run(kernel, inputs, attrs, backendNamed(from), backendNamed(to)),
    });
  return missing.map(({ kernelName }) => kernelName);
}

function backendNamed(name: string): KernelBackend {
  const found = engine().findBackend(name);
  if (found === null) throw new Error(`TensorFlow.js has no back end ${name}`);
  return found;
}

type Call = Parameters<KernelConfig['kernelFunc']>[0];

function run(
  kernel: KernelConfig,
  inputs: Call['inputs'],
  attrs: Call['attrs'],
  own: KernelBackend,
  other: KernelBackend,
): TensorInfo | TensorInfo[] {
  const copied: TensorInfo[] = [];
  const over = (tensor: TensorInfo): TensorInfo => {
    const copy = move(tensor, own, other);
    copied.push(copy);
    return copy;
  };
  // Some kernels take lists of tensors under one name, which the types don't say.
  const given = Object.fromEntries(
    Object.entries<unknown>(inputs).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map((item) => over(item as TensorInfo)) : isTensor(value) ? over(value) : value,
    ]),
  ) as Call['inputs'];
  const made = kernel.kernelFunc({ inputs: given, attrs, backend: other });
  const outputs = Array.isArray(made) ? made : [made];
  const back = outputs.map((tensor) => move(tensor, other, own));
  for (const { dataId } of [...copied, ...outputs]) other.disposeData(dataId, true);
  return Array.isArray(made) ? back : back[0];
}

const isTensor = (value: unknown): value is TensorInfo =>
  typeof value === 'object' && value !== null && 'dataId' in value;

const move = ({ dataId, shape, dtype }: TensorInfo, from: KernelBackend, to: KernelBackend): TensorInfo => ({
  dataId: to.write(from.readSync(dataId), shape, dtype),
  shape,
  dtype,
});
