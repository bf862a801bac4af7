export const part = 'plot';
