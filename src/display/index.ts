export const part = 'display';
