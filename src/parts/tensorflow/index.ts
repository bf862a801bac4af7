// The door to TensorFlow.js: the library itself, loaded when it is needed.
export { provideTensorFlow, tensorFlow } from './port';
