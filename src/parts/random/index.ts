// Random numbers that repeat: `seed(n)` for a whole notebook, `generator(n)` where a function takes one.
export { generator, type RandomGenerator } from './generator';
export { statelessNormal, statelessUniform, type DrawSeed } from './philox';
export { seed } from './seed';
