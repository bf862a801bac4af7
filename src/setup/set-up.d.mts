export interface Step {
  readonly name: string;
  readonly title: string;
  readonly isDone: () => boolean;
  readonly run: (detail: (text: string) => void) => Promise<void>;
}
export function setUp(
  showStep: (title: string) => { detail: (text: string) => void; done: () => void; fail: () => void },
  list?: readonly Step[],
  needs?: Readonly<Record<string, () => unknown>>,
): Promise<string[]>;
