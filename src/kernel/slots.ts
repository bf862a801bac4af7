/** Names that emitted code uses of its session. */
export const SESSION = { exports: 'layerwise$exports', require: 'layerwise$require', result: 'layerwise$result', flag: 'layerwise$flag', stop: 'layerwise$stop' } as const;

/** The global variable that holds a name which a cell declared: as long as `exports.` plus the name, so that source maps hold. */
export const slotOf = (name: string): string => `exports$${name}`;
