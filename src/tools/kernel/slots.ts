import { MARK } from '../../parts/graph/cell-mark';

/** Names that emitted code uses of its session. */
export const SESSION = {
  /** What the running cell tells of itself: its last expression's value, and how far it has come. */
  cell: 'layerwise$cell',
  import: 'layerwise$import',
  importLater: 'layerwise$importLater',
  awaited: 'layerwise$awaited',
  meta: 'layerwise$meta',
  flag: 'layerwise$flag',
  stop: 'layerwise$stop',
} as const;

/**
 * The global variable that holds what a cell declared under a name. It looks like the name, also where V8 writes it
 * into a message, but is no global variable that others know.
 */
export const slotOf = (name: string): string => name + MARK;

/** A text that V8 or a cell made, with the names as the learner wrote them. */
export const withPlainNames = (text: string): string =>
  text.replace(/(?<=[\p{ID_Continue}$])\u200c(?![\p{ID_Continue}$])/gu, '');
