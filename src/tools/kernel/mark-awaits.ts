import ts from 'typescript';
import { SESSION } from './slots';

const { factory } = ts;

/** Makes emitted code tell where it awaits a value: errors are shown with that place, see `awaited`. */
export type MarkAwait = (value: ts.Expression, at: ts.Node) => ts.Expression;

/** @param file the cell's module as it was parsed. */
export const awaitMarker =
  (file: ts.SourceFile, execution: number): MarkAwait =>
  (value, at) =>
    factory.createCallExpression(factory.createIdentifier(SESSION.awaited), undefined, [
      value,
      ...[execution, at.getStart(file)].map((number) => factory.createNumericLiteral(number)),
    ]);
