// The door to files, and to Node where it is there: what parts load holds nothing of it.
export { toBase64, toLatin1 } from './bytes';
export { type Files } from './files';
export { filesInMemory } from './in-memory';
export { environment, isOnNode, node } from './node';
export { files, joinPath, provideFiles } from './port';
