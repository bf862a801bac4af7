// Tensors that nobody needs any more: found and freed.
export { disposeAll } from './dispose-all';
