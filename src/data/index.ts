export const part = 'data';
