/** The function by which a running cell tells which of its statements it has reached. */
export const REACHED = 'layerwise$reached';
