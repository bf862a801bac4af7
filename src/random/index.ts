export const part = 'random';
