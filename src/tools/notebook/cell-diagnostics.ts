import type ts from 'typescript';
import type { CellModule } from './cell-module';

/** What the compiler says of the cell's own code: the lines after it are ours. */
export function diagnosticsOfCell<D extends Pick<ts.Diagnostic, 'start' | 'code' | 'messageText'>>(
  module: CellModule,
  found: readonly D[],
): D[] {
  const isOwn = ({ start }: D): boolean => start === undefined || start <= module.code.length;
  const own = found.filter(isOwn);
  // Looking at an evolving type at the cell's end can make it an error at the declaration too.
  const [DECLARED, USED] = [7034, 7005];
  const nameIn = ({ messageText }: D): string =>
    /'(.*?)'/.exec(typeof messageText === 'string' ? messageText : messageText.messageText)?.[1] ?? '';
  const usedInCode = new Set(own.filter(({ code }) => code === USED).map(nameIn));
  const usedByUs = new Set(found.filter((diagnostic) => !isOwn(diagnostic) && diagnostic.code === USED).map(nameIn));
  return own.filter(
    (diagnostic) =>
      diagnostic.code !== DECLARED || usedInCode.has(nameIn(diagnostic)) || !usedByUs.has(nameIn(diagnostic)),
  );
}
