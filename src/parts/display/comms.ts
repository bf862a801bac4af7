/** A channel between a cell and the front end, for example a widget. */
export interface Comm {
  readonly id: string;
  readonly send: (data: unknown) => void;
  readonly close: (data?: unknown) => void;
  readonly onMessage: (listener: (data: unknown) => void) => void;
  readonly onClose: (listener: (data: unknown) => void) => void;
}

/** Called when the front end opens a channel to a registered target. */
export type CommTarget = (comm: Comm, data: unknown) => void;

/** What a kernel with channels offers. */
export interface CommHost {
  register(name: string, target: CommTarget): void;
  open(target: string, data?: unknown, metadata?: Readonly<Record<string, unknown>>): Comm;
  /** Whether the front end that is installed with the kernel has such an extension. */
  hasExtension(name: string): boolean;
}

const COMMS = Symbol.for('layerwise.comms');

function host(): CommHost {
  const found: unknown = Reflect.get(globalThis, COMMS);
  if (!isCommHost(found))
    throw new Error('comms: this kernel has no channels to the front end; use the kernel that Layerwise installs');
  return found;
}

/** Whether this kernel has channels to the front end. */
export const hasComms = (): boolean => isCommHost(Reflect.get(globalThis, COMMS));

const isCommHost = (value: unknown): value is CommHost =>
  typeof value === 'object' && value !== null && 'register' in value && 'open' in value;

/** Whether the JupyterLab beside this kernel has such an extension, for example `anywidget`. */
export const hasExtension = (name: string): boolean => hasComms() && host().hasExtension(name);

/** Answers channels that the front end opens to `name`. Throws where the kernel has none. */
export function registerComm(name: string, target: CommTarget): void {
  host().register(name, target);
}

/**
 * Opens a channel to a target of the front end. Throws where the kernel has none.
 *
 * @param metadata of the message that opens it; some targets read there which version of their protocol is spoken.
 */
export const openComm = (target: string, data?: unknown, metadata?: Readonly<Record<string, unknown>>): Comm =>
  host().open(target, data, metadata);
