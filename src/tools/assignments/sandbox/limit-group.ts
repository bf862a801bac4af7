/** The limits on one sandbox. */
export interface LimitGroup {
  /** Files into which a process writes its id to be limited; may be empty. */
  readonly members: readonly string[];
  /**
   * Told the id of the sandbox's first process and the folders inside that lie in memory;
   * calls `exceeded` where it has to be ended for using too much.
   */
  watch(pid: number, folders: readonly string[], exceeded: () => void): void;
  /** Whether memory ran out. */
  ranOut(): boolean;
  /** Gives back what the limits took; to be called when all processes have ended. */
  remove(): Promise<void>;
}

/** How limits are kept on this machine. */
export interface LimitMechanism {
  readonly name: 'cgroup v1' | 'cgroup v2' | 'watcher';
  group(): LimitGroup;
}
