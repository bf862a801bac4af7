export const part = 'memory';
